/** Carries a message for the host from any element of a page up to the page, which owns the line to the host. */
export class PostEvent<Message = unknown> extends Event {
  static readonly type = "aksara-post";
  readonly message: Message;

  constructor(message: Message) {
    super(PostEvent.type, { bubbles: true, composed: true });
    this.message = message;
  }
}

/** Asks the page to tell assistive technology something that the eye sees elsewhere, such as "Copied". */
export class AnnounceEvent extends Event {
  static readonly type = "aksara-announce";
  readonly text: string;

  constructor(text: string) {
    super(AnnounceEvent.type, { bubbles: true, composed: true });
    this.text = text;
  }
}
