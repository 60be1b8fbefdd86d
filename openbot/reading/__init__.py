"""What does one sentence of a customer say about an order? Text in, a frozen `Reading` out; pure, no model.

Read the files in the order a sentence takes through them:

1. `understood` and `items`: what comes out, field by field.
2. `reader`: `read()`, the only door; `answers` and `own_words`: what the open question makes readable.
3. `machine_text`: texts nobody wrote as a sentence are left alone.
4. `message`: the fields one after the other; each takes its words away, so that no word is read twice:
   `fields` (how, paid how, whose, yes or no), `asides` (telephone, day), `addresses` and `address_details`
   (where to), `choosing` («¿cuál de estas?»).
5. `sentence`: the goods, from the words that are left (`spoken`), one after the other: `things` (one of them),
   `listing` («2 de cada uno», «otra más»), `refining` (what changes things said before), `surroundings` (what stands
   around a thing), `verbs` (what is done); `goods_phrases` and `goods_words` (what is named); from there a `Wish`
   goes to `meaning` (which product) and `resolving` (how much). `lexicon` holds the small words.

Words, figures, quantities and the index of names are the catalogue's; nothing there knows of sentences.
"""
