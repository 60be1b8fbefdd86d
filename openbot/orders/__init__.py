"""Orders (pedidos): their life cycle, changes and history."""
