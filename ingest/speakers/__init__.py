"""Who is the customer and who is the agent, from labels or from the words alone.

Method and thresholds: rules, likeness to the company's script and a self-trained classifier, measured on two companies'
calls with labels hidden. No language model.
"""

from ingest.speakers.assign import assign_roles

__all__ = ["assign_roles"]
