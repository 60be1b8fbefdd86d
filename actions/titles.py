"""Titles of buttons and rows that depend on data, and words that fill a response. All others are in domain.yml.

A button holds 20 characters, a row 24 (contract §5.3).
"""

YES, NO = "Sí", "No"
SEE_PRODUCTS, SEE_OPTIONS, SEE_BRANCHES, SEE_ZONES, SEE_PAYMENTS = (
    "Ver productos",
    "Ver opciones",
    "Ver sucursales",
    "Ver zonas",
    "Ver formas de pago",
)
LAST_ORDER, REPEAT, PRODUCTS, MORE = "Tu último pedido", "Repetir mi pedido", "Rubros", "Ver más"
ALL_DONE, ADD_MORE, SEE_CART = "Eso es todo", "Agregar más", "Ver mi pedido"
SAME_ADDRESS, OTHER_ADDRESS = "Sí, ahí", "A otra dirección"
OTHER_NAME = "A otro nombre"
CONFIRM, CHANGE_SOMETHING, CANCEL = "Confirmar", "Cambiar algo", "Cancelar"
YES_CANCEL, NO_KEEP = "Sí, cancelarlo", "No, seguir"
YES_EMPTY = "Sí, vaciarlo"
YES_CHANGE, LEAVE_IT = "Sí, cambialo", "Dejarlo así"
CONTINUE, CHANGE_IT, CANCEL_IT = "Seguir", "Cambiarlo", "Cancelarlo"
TO_PICKUP, TO_PERSON = "Paso a retirar", "Hablar con alguien"
RECOVER, NEW_ORDER = "Recuperarlo", "Pedido nuevo"
RESUME = "Seguir con el bot"
NONE_OF_THESE = "Ninguno de estos"
EDITS = {
    "items": "Productos",
    "delivery": "Envío o retiro",
    "address": "Dirección",
    "branch": "Sucursal",
    "payment_method": "Forma de pago",
    "comment": "Comentario",
    "name": "Nombre",
}
#: Quantities offered by tap: by unit, else «1», «2», «6».
AMOUNTS = {
    "kg": (("Medio kilo", "0.5"), ("1 kg", "1"), ("2 kg", "2")),
    "litro": (("Medio litro", "0.5"), ("1 litro", "1"), ("2 litros", "2")),
    "docena": (("Media docena", "0.5"), ("1 docena", "1"), ("2 docenas", "2")),
}
FEW = (("1", "1"), ("2", "2"), ("6", "6"))
SEE_MENU = "Ver menú"
#: The main menu: intent of the row, its title (24 characters) and description (72).
MENU = {
    "order": ("Hacer un pedido", "Te lo enviamos o lo pasás a buscar"),
    "repeat_last": ("Repetir mi último pedido", "Lo mismo que la vez pasada"),
    "order_status": ("Estado de mi pedido", ""),
    "ask_branches": ("Sucursales y horarios", ""),
    "ask_products": ("Productos y precios", ""),
    "human": ("Hablar con una persona", ""),
}
#: Fill «Anotado: …» and «Total …».
ESTIMATED = "estimado"
DELIVERY, PICKUP, GOES_TO = "envío", "retiro", "va a"
WITH, IN = "Con", "En"
PAYS_WITH, IN_THE_NAME_OF = "pagás con", "a nombre de"
