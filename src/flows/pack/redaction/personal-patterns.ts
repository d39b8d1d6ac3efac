import type { SecretPattern } from "./pattern.ts";

/** Addresses and numbers of people, by their form alone. */
export const PERSONAL: readonly SecretPattern[] = [
  {
    kind: "email",
    regex: /(?<![\w.+-])[A-Za-z0-9][\w.+-]{0,63}@(?:[A-Za-z0-9-]{1,63}\.){1,6}[A-Za-z]{2,24}(?![\w-])/dg,
    hints: ["@"],
    accept: (email) => !isNobody(email),
  },
  {
    kind: "card-number",
    regex:
      /(?<![\w.+-]|\d )(?:\d{13,19}|\d{4}([ -])\d{4}\1\d{4}\1\d{4}(?:\1\d{1,3})?|\d{4}([ -])\d{6}\2\d{5})(?![\w-]|\.\d| \d)/dg,
    hints: [...eachOf("3456"), "2"],
    accept: isCardNumber,
  },
  {
    kind: "iban",
    regex: /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b/dg,
    hints: eachOf("0123456789"),
    accept: isIban,
  },
  {
    kind: "social-security-number",
    regex: /(?<![\w-])(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-])/dg,
    hints: ["-"],
  },
  {
    kind: "phone-number",
    regex: /(?<![\w.+-])\+\d{1,3}[ .-]?(?:\(\d{1,4}\)[ .-]?)?\d{2,4}(?:[ .-]?\d{2,4}){2,4}(?![\w-])/dg,
    hints: ["+"],
  },
  {
    kind: "phone-number",
    regex: /(?<![\w.+-])(?:\([2-9]\d{2}\) ?|[2-9]\d{2}-)[2-9]\d{2}-\d{4}(?![\w-])/dg,
    hints: ["-"],
  },
];

function eachOf(text: string): readonly string[] {
  return [...text];
}

/** Addresses of examples, robots and version control, not of a person. */
function isNobody(email: string): boolean {
  return /@(?:[\w-]+\.)*example\.(?:com|org|net|edu)$|^git@|^hg@|^no-?reply@|^do-?not-?reply@|@\dx\.(?:png|jpe?g|gif|webp|svg)$/i.test(
    email,
  );
}

const CARD =
  /^(?:4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|6(?:011|5\d\d|4[4-9]\d)\d{12}|35(?:2[89]|[3-8]\d)\d{12})$/;

/** An issuer's prefix and length, and the check digit; a run of zeros is a number somebody made up for an order. */
function isCardNumber(text: string): boolean {
  const digits = text.replace(/\D/g, "");
  if (!CARD.test(digits) || /0{7}/.test(digits)) return false;
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    let digit = Number(digits[digits.length - 1 - index]);
    if (index % 2 === 1) digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
    sum += digit;
  }
  return sum % 10 === 0;
}

function isIban(text: string): boolean {
  const iban = text.replace(/ /g, "");
  if (iban.length < 15 || iban.length > 34) return false;
  let remainder = 0;
  for (const character of iban.slice(4) + iban.slice(0, 4)) {
    const value = /\d/.test(character) ? character : String(character.charCodeAt(0) - 55);
    for (const digit of value) remainder = (remainder * 10 + Number(digit)) % 97;
  }
  return remainder === 1;
}
