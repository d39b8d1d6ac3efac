/** Name of the shipped image of a fresh database, in the lab's assets folder. */
export const TEMPLATE_FILE = "template.image.gz";
