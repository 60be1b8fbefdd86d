"""Files of conversations: fetched from WhatsApp or sent by operators, checked, kept in a store."""
