"""Comunicaciones: everybody who writes, what was said, and the answer. Everything happens in the component."""

from panel.components.inbox import inbox

inbox()
