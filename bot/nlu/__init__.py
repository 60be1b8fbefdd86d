"""The assistant's own pipeline components: what a typed sentence means."""
