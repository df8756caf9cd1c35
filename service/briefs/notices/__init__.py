"""Telling other programs of briefs: signed webhooks, tried again by durable jobs until they arrive."""
