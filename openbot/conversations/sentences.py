"""What the system says when the assistant cannot. All other texts are in the assistant's domain."""

NOT_ANSWERED = (
    "Perdón, se me trabó la respuesta 😅 ¿Me lo escribís de nuevo, o escribís *menú* para ver las opciones?"
)
GIVEN_UP = (
    "Perdón, tuve un problema para responderte. Ya le avisé a una persona del equipo, que te escribe por acá."
)
CALL_MISSED = "¡Hola! Por acá no atendemos llamadas. Escribinos y te respondemos al toque 🙂"
PLAN_USED_UP = (
    "¡Hola! Recibimos tu mensaje. En este momento no te podemos atender automáticamente: "
    "te va a escribir por acá una persona del equipo."
)
OPTED_OUT = (
    "Listo, no te mandamos más novedades ni promociones. Por tus pedidos te seguimos respondiendo por acá. "
    "Si cambiás de idea, escribí *ALTA*."
)
OPTED_IN = "¡Listo! Te volvemos a mandar nuestras novedades. Si no las querés más, escribí *BAJA*."
ASK_OPT_OUT = "Tenés un pedido en curso. ¿Qué querés dar de baja?"
AWAY = (
    "¡Hola! Recibimos tu mensaje. En este momento no estamos atendiendo: {opening}. Te respondemos por acá."
)
AWAY_LONG = "¡Hola! Recibimos tu mensaje. En este momento no estamos atendiendo; te respondemos por acá."
