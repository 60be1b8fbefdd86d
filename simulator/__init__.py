"""A stranger that speaks Meta's WhatsApp Cloud API: phones in a web page on one side, signed webhooks on the other.

It shares no code with the product: both were written from the same contract.
"""
