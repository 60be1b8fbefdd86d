// The figure in the window's title: «(3) Pedidos». Streamlit writes the title too; ours stays in front.

const FIGURE = /^\(\d+\) /;

export class Title {
  constructor() {
    this.count = 0;
    this.observer = new MutationObserver(() => this.show());
    const head = document.querySelector("head");
    this.observer.observe(head, { subtree: true, childList: true, characterData: true });
  }

  set(count) {
    this.count = count;
    this.show();
  }

  show() {
    const plain = document.title.replace(FIGURE, "");
    const wanted = this.count ? `(${this.count}) ${plain}` : plain;
    if (document.title !== wanted) document.title = wanted;
  }

  stop() {
    this.observer.disconnect();
    this.count = 0;
    this.show();
  }
}
