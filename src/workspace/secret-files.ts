/** Names of files whose content never leaves the machine and is never read; in lower case. */
const SECRET_NAMES: readonly RegExp[] = [
  /^\.env/,
  /\.env$/,
  /\.(?:pem|key|p12|pfx|p8|jks|keystore|kdbx|ppk|asc|gpg)$/,
  /^id_(?:rsa|dsa|ecdsa|ed25519)/,
  /^(?:\.netrc|_netrc|\.pgpass|pgpass\.conf|\.npmrc|\.pypirc|\.my\.cnf|\.htpasswd|\.git-credentials)$/,
  /^\.?(?:credentials?|secrets?)(?:\.(?:json|ya?ml|toml|ini|cfg|conf|csv|xml|txt|enc|ya?ml\.enc))?$/,
  /^(?:client_secret|service[-_]account).*\.json$/,
  /^master\.key$/,
];

/** Whether a file is kept from reading by its name alone: `.env*`, private keys, credential stores. */
export function isSecretFile(name: string): boolean {
  const lower = name.toLowerCase();
  return SECRET_NAMES.some((pattern) => pattern.test(lower));
}
