"""What was said with a contact as on WhatsApp: both sides, ticks, days, files and places. A part of the inbox."""
