"""The baseline: Rasa as it comes, with the same order as a plain form."""
