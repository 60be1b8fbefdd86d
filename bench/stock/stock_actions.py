"""The baseline's actions: check the goods, write the order to SQLite."""

import os
import re
import sqlite3
from typing import Any

from rasa_sdk import Action, FormValidationAction, Tracker
from rasa_sdk.events import AllSlotsReset, EventType
from rasa_sdk.executor import CollectingDispatcher


class ValidateOrderForm(FormValidationAction):
    def name(self) -> str:
        return "validate_order_form"

    def validate_items(
        self, value: Any, _dispatcher: CollectingDispatcher, _tracker: Tracker, _domain: Any
    ) -> dict[str, Any]:
        return {"items": value if re.search(r"\d", str(value)) else None}


class ActionSaveOrder(Action):
    def name(self) -> str:
        return "action_save_order"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, _domain: Any) -> list[EventType]:
        with sqlite3.connect(os.environ["STOCK_ORDERS_DB"], timeout=30) as database:
            database.execute("CREATE TABLE IF NOT EXISTS orders (contact, items, name)")
            database.execute(
                "INSERT INTO orders VALUES (?, ?, ?)",
                (tracker.sender_id, tracker.get_slot("items"), tracker.get_slot("customer_name")),
            )
        database.close()
        dispatcher.utter_message(text="¡Listo! Tu pedido quedó confirmado.")
        return [AllSlotsReset()]
