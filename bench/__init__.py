"""Load: whole orders through signed webhooks, against the same on stock Rasa. `python -m bench --help`."""
