"""WhatsApp's Cloud API: what comes in, what may go out, and how to react to what it answers."""
