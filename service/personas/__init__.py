"""What each stakeholder wrote, as claims with a reading a person can correct."""
