"""Believable customers: Argentine names as they stand in WhatsApp, and phones as WhatsApp writes them."""

from itertools import accumulate
from random import Random

_FIRST = """
María Juan José Ana Lucía Martín Sofía Carlos Laura Diego Carla Pablo Valentina Nicolás Camila Matías
Florencia Federico Julieta Gabriel Agustina Facundo Micaela Ezequiel Rocío Sebastián Paula Gustavo Silvia
Marcelo Gabriela Jorge Romina Luis Natalia Gonzalo Verónica Leandro Belén Ramón Brenda Héctor Norma Óscar
Mirta Ángel Zulema Ignacio Abril Tomás Malena Bautista Ludmila Thiago Noelia Rubén Yésica Hernán Celeste
Joaquín
""".split()  # noqa: SIM905 - easier to read
_LAST = """
González Rodríguez Gómez Fernández López Díaz Martínez Pérez García Sánchez Romero Sosa Álvarez Torres Ruiz
Ramírez Flores Acosta Benítez Medina Suárez Herrera Aguirre Pereyra Gutiérrez Giménez Molina Silva Castro
Rojas Ortiz Núñez Luna Juárez Cabrera Ríos Ferreyra Godoy Morales Domínguez Moreno Peralta Vega Carrizo
Quiroga Castillo Ledesma Muñoz Ojeda Ponce Vera Vázquez Villalba Cardozo Navarro Coronel Vargas Ramos
Maldonado Arias Figueroa Córdoba Ferrari Rossi Bianchi Romano Colombo Esposito Moretti Barbieri Lombardi
Mansilla Bustos Páez Leiva Farías Toledo Roldán Ibarra Soria Escobar Avila Miranda Valdez Paz Mendoza Bravo
Cáceres Olivera Correa Paredes Barrios Franco Chávez Lucero Maidana Duarte Velázquez Ayala Campos Salinas
Orellana Zárate Bogado Etchegaray Iturralde Kowalczyk Schneider Müller Haddad Ñancupil Quispe Mamani Condorí
Huenchumán Yáñez Zabaleta Uriarte Echeverría Goyeneche D'Angelo Mc'Carthy
""".split()  # noqa: SIM905 - easier to read
_DECORATION = ("🌸", "🔥", "💙💛💙", "⚽", "✨", "🇦🇷", "🙏🏽")
_AREAS = {"11": 60, "221": 8, "223": 7, "351": 8, "341": 8, "261": 5, "2944": 2, "3492": 2}


def _falling(words: list[str], power: float) -> list[float]:
    """Few names are common, many are rare."""
    return list(accumulate(1 / (rank + 1) ** power for rank in range(len(words))))


_FIRST_WEIGHTS, _LAST_WEIGHTS = _falling(_FIRST, 0.6), _falling(_LAST, 0.8)


def happens(random: Random, share: float) -> bool:
    """Say yes in this share of all cases."""
    return random.random() < share


def name(random: Random) -> tuple[str, str]:
    """Return (name as the customer told us, name in the WhatsApp profile); the first is often unknown."""
    (first,) = random.choices(_FIRST, cum_weights=_FIRST_WEIGHTS)
    (last,) = random.choices(_LAST, cum_weights=_LAST_WEIGHTS)
    profile = f"{first} {last}" if happens(random, 0.55) else first
    if happens(random, 0.1):
        profile = f"{profile} {random.choice(_DECORATION)}"
    if happens(random, 0.04):
        profile = random.choice(_DECORATION)
    return (f"{first} {last}" if happens(random, 0.7) else ""), profile


def phones(random: Random, count: int) -> list[str]:
    """Return so many different mobile numbers, as WhatsApp writes them: 549, area, the rest."""
    areas, weights = list(_AREAS), list(accumulate(_AREAS.values()))
    found: dict[str, None] = {}  # a set would forget the order, which has to be the same each time
    while len(found) < count:
        (area,) = random.choices(areas, cum_weights=weights)
        rest = 10 - len(area)
        first = random.randint(2, 6)
        found[f"549{area}{first}{random.randrange(10 ** (rest - 1)):0{rest - 1}}"] = None
    return list(found)
