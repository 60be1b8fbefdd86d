"""A stranger that speaks Meta's WhatsApp Cloud API: phones in a web page, signed webhooks, the Graph.

It shares no code with the product: both were written from the same contract.
"""
