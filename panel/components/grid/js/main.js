// The list by itself: Contactos, Usuarios and whatever needs nothing of its own.

import { mount } from "./mount.js";

export default function list(component) {
  return mount(component, {});
}
