// The watch as a component of its own, for the frame of every screen.

import { watchForNews } from "./watch.js";

export default function alerts() {
  watchForNews();
}
