"""Openbot's business: orders, conversations, contacts and catalogue. Knows no web framework, no Rasa."""
