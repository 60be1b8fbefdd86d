"""The small words of an order in Argentine Spanish, folded: verbs that add or take away, and what means nothing."""

from openbot.catalogue.words import word_set

#: «agregá», «sumá»: always one more thing.
ADDING = word_set(
    "agrega agregame agregale agregar agregas agregarle agregarme agregues suma sumame sumale sumar anota "
    "anotame anotas anotale incorpora incorporame adiciona aumenta aumentale ademas tambien"
)
#: «quiero», «dame»: a wish; after «mejor» it corrects.
WISHING = word_set(
    "quiero kiero qiero quisiera queria queremos quieren queriamos dame deme danos dale mandame mandas "
    "mandenme mande manda mandanos envia enviame enviar enviale pasame pasas pasanos pone poneme ponme "
    "ponele ponelo ponela ponelos poner pongame necesito necesitamos precisamos preciso pido pedir "
    "pedirte pedimos encargo encargar encargame encargamos haceme hacenos llevo llevame llevamos llevar "
    "traeme traer traenos das damos reservame separame vendeme comprar compro compraria compramos podes "
    "podrias podras podra podemos pedido pedidito va van seria serian ordenar orden tomar tomo apunta "
    "apuntame"
)
REMOVING = word_set(
    "saca sacame sacale sacar sacas saques sacarle sacarme saco quita quitame quitale quitar quitas "
    "quiten elimina eliminame eliminar eliminas borra borrame borrar borras baja bajame bajale bajar "
    "bajas resta restale restame restar descarta descontame descuenta descontar sacalo sacala sacalas "
    "sacalos borralo borrala quitalo quitala cancela cancelame"
)
#: After «no»: «no quiero la coca».
UNWANTED = word_set(
    "quiero kiero queremos mandes manden traigas traigan pongan sumes anotes cargues vendas lleven "
    "pongas me agregues va van necesito incluyas lleves llevo"
)
SETTING = word_set(
    "mejor son eran era sean sea deja dejame dejalo dejala dejalas dejalos dejar solo solamente solamnte "
    "corregi corregime corrijo corrige digo dije quise serian quedan queda quede queden modifica "
    "modificame modificar"
)
CHANGING = word_set(
    "cambia cambiame cambiale cambiar cambias cambio cambien reemplaza reemplazame reemplazar cambialo "
    "cambiala"
)
#: In a clause with one of these, goods are asked about, not ordered.
ASKING = word_set(
    "cuanto cuantos cuanta cuantas cuesta cuestan sale salen vale valen precio precios tenes tienen "
    "tendras tendran tenen hay venden vendes trabajan trabajas queda consigo costo"
)
ARTICLES = word_set(
    "la el las los lo esa ese esas esos esta este mi mis tu tus su sus unos unas aquella toda todo todas "
    "todos"
)
ALL = word_set("toda todo todas todos")
ASSORTED = word_set("surtida surtidas surtido surtidos variada variadas variado variados mixta mixtas")
CONNECTORS = word_set("de del d con para en a al y e o sabor gusto tipo marca")
#: Nouns that take a number and are no goods.
NO_GOODS = word_set(
    "pedido pedidos consulta consultas pregunta preguntas momento momentito minuto minutos min minutitos "
    "hora horas hs rato ratito cosa cosas cosita cositas favor persona personas gente chicos dia dias "
    "semana semanas vez veces peso pesos piso pisos cuadra cuadras item items producto productos problema "
    "problemas duda dudas opcion opciones articulo articulos noche tarde manana amigo amigos lado turno "
    "numero nro mensaje mensajes foto fotos lista abrazo beso besos saludo saludos am pm direccion "
    "sucursal sucursales mas genio genia capo reunion cumple cumpleanos fiesta orden error"
)
#: Words that say nothing about goods. They stop a phrase and are never taken for a typo of a product.
FILLERS = word_set(
    "hola holaa holis buenas buenos buen dia dias tardes noches noche tarde que q tal como estas andas va "
    "gracias grax porfa porfavor porfis plis xfa xfavor favor por me te se nos le les lo ya yo tu vos "
    "usted ustedes uds si no ok oka okey bueno buenisimo genial perfecto listo joya barbaro excelente "
    "entonces tambien ademas aparte asi nada mas menos todo todos toda todas eso esto esta este estos ese "
    "esa algo hacer hago hace seria puede puedo pueden quien cuando donde porque pero perdon disculpa "
    "disculpame ahi aca alla hoy manana ahora despues luego antes rapido urgente cuanto igual mismo misma "
    "siempre nunca tipo onda bien muy tan re mucho mucha muchas muchos poco un una uno unos unas y e o u "
    "a al de del con sin en para sobre entre hasta desde segun el la los las es son era eran soy estoy "
    "tengo tenia tiene tener estaria estan hay habia haber fue sido ser ver voy vas vamos vengo viene ir "
    "paso pasa pase pasar retiro retirar buscar busco busque buscarlo envio envios delivery domicilio "
    "casa calle direccion pago pagar abono efectivo transferencia tarjeta plata cuenta nombre llamo "
    "comprobante factura senora senor amigo amiga maestro genio genia capo che bolu dale ponele viste "
    "mira sabes saber decir decime digo dijo creo pense pensaba capaz quizas vez cosas cosa pedido compra "
    "orden carrito lista cantidad total resto mitad consulta pregunta local sucursal abren abierto "
    "cierran horario horarios hora horas quiero gusta gustaria gustan faltaria falta faltan faltaba "
    "faltarian olvide olvidaba acorde claro obvio seguro tranqui confirmo confirmado confirmar cancelar "
    "volver menu ayuda hablar nadie alguien persona operador comida comer mesa invitados familia marido "
    "mujer hijo hija viejo vieja hermano comun normal clasico clasica fria frias frio frios heladas "
    "helada fresca frescas fresco frescos rica ricas rico ricos buena linda lindas jugoso jugosa magra "
    "magro tierno tierna maduro maduros maduras tamano bolsita solito cortado cortada feteado feteada "
    "picadito nomas cualquiera cualquier marca igualmente saludos chau ambos ambas cada restante "
    "aproximadamente aprox casi junto juntos juntas llevar traer traigan lleven manden mandar mandalo "
    "mandamelo mandala traemelo llevalo puerta timbre lunes martes miercoles jueves vivo vive vivimos "
    "vivis ubicado queda quedo viernes sabado domingo finde semana anda andan esperando espero quedamos "
    "llego llegaron rota roto rotas rotos "
    "avisame aviso avisa siguiente siguientes sgte tmb tb tbn tambn tamb xq pq k d dsp bue bno jaja "
    "jajaja sisi nono obvi cbu cvu alias facturame facturar recibo gordi reina rey maestra master crack "
    "pls porfi pliss plan planes idea trabajo laburo oficina encargado porteria edificio final sola solas "
    "solos aceptan aceptas acepta cobran toman reciben reparten reparte llegan hacen compras trae traes "
    "sali salgo entregan prefiero pasalo pasala pedi dan llevan comunes normales clasicas clasicos"
)
#: Words that may follow goods and change nothing: «bien frías», «surtidas».
TRAILING = ASSORTED | word_set(
    "bien muy fria frias frio frios helada heladas fresca frescas fresco frescos rica ricas rico ricos "
    "buena buenas linda lindas comun comunes normal normales clasica clasico clasicas jugoso jugosa magra "
    "magro tierno tierna maduros maduras feteado feteada feteados cortado cortada cortadito nomas"
)
