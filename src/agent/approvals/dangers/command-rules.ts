import type { Danger } from "../../tools/tool.ts";

/** A program, or a part of its arguments, that asks for a person whatever is set. */
export interface CommandRule {
  readonly program: RegExp;
  /** Looked for in the arguments, joined by spaces; absent: the program alone is enough. */
  readonly args?: RegExp;
  readonly danger: Danger;
}

const remove: Danger = { name: "remove-files", what: "It removes files." };
const network: Danger = { name: "network", what: "It talks to the network." };
const reset: Danger = { name: "schema-reset", what: "It resets or takes back a database's schema." };
const history: Danger = {
  name: "history",
  what: "It rewrites or throws away what is under version control.",
};
const publish: Danger = { name: "push", what: "It publishes something." };
const system: Danger = { name: "system", what: "It changes the machine beyond the workspace." };
const code: Danger = { name: "inline-code", what: "It runs code that stands in the command itself." };

/** Programs are named without folder and extension, in lower case. */
export const COMMAND_RULES: readonly CommandRule[] = [
  {
    program: /^(?:rm|rmdir|unlink|shred|srm|del|erase|rd|trash|trash-put|rimraf|remove-item|ri)$/,
    danger: remove,
  },
  {
    program: /^find$/,
    args: /(?:^| )-(?:delete|exec|execdir|ok|okdir|fprint|fprintf|fls)\b/,
    danger: remove,
  },
  { program: /^(?:fd|fdfind)$/, args: /(?:^| )(?:-x|-X|--exec|--exec-batch)\b/, danger: remove },
  { program: /^rsync$/, args: /--(?:delete|remove)/, danger: remove },
  { program: /^(?:dd|truncate|wipefs|fdisk|parted|mkswap|format|diskpart)$|^mkfs/, danger: remove },
  {
    program: /^(?:sudo|doas|su|pkexec|runas)$/,
    danger: { name: "privilege", what: "It asks for another user's rights." },
  },
  {
    program:
      /^(?:chmod|chown|chgrp|chattr|setfacl|icacls|takeown|mount|umount|crontab|at|systemctl|service|launchctl|reboot|shutdown|halt|poweroff|init|useradd|usermod|userdel|passwd|iptables|nft|sysctl|modprobe|reg|sc|schtasks)$/,
    danger: system,
  },
  {
    program: /^(?:kill|killall|pkill|taskkill|stop-process)$/,
    danger: { name: "processes", what: "It ends other processes." },
  },
  { program: /^git$/, args: /(?:^| )push(?: |$)/, danger: publish },
  {
    program: /^git$/,
    args: /(?:^| )(?:reset(?: .*)? --(?:hard|merge|keep)|clean|checkout(?: .*)? (?:--(?: |$)|\.|-f|--force)|restore|rebase|filter-branch|filter-repo|reflog|update-ref|gc|prune|stash (?:drop|clear|pop)|branch(?: .*)? (?:-D|-d|--delete|-f|-M)|tag(?: .*)? (?:-d|-f|--delete)|commit(?: .*)? --amend|switch(?: .*)? (?:-f|--discard-changes|-C)|worktree (?:remove|prune)|rm)(?: |$)/,
    danger: history,
  },
  {
    program: /^git$/,
    args: /(?:^| )(?:clone|fetch|pull|ls-remote|submodule|remote (?:add|set-url|update)|archive(?: .*)? --remote)(?: |$)/,
    danger: network,
  },
  {
    program: /^git$/,
    args: /(?:^| )(?:-c |--exec-path|--config-env|config(?: |$)|hook|bisect run|difftool|mergetool|send-email|credential)/,
    danger: { name: "git-config", what: "It changes what Git runs." },
  },
  {
    program: /^(?:hg|svn|jj)$/,
    args: /(?:^| )(?:push|commit|ci|revert|update|purge|strip|rollback|abandon)(?: |$)/,
    danger: history,
  },
  {
    program:
      /^(?:curl|wget|ssh|scp|sftp|rsync|nc|ncat|netcat|telnet|ftp|tftp|http|https|xh|aria2c|socat|dig|nslookup|host|ping|traceroute|whois|openssl|mail|sendmail|mutt|lynx|w3m|links|invoke-webrequest|iwr|irm|invoke-restmethod|bitsadmin|certutil)$/,
    danger: network,
  },
  {
    program:
      /^(?:gh|glab|aws|gcloud|gsutil|az|doctl|heroku|fly|flyctl|vercel|netlify|wrangler|railway|supabase|firebase|kubectl|helm|oc|terraform|tofu|pulumi|ansible|ansible-playbook|vault|docker|docker-compose|podman|nerdctl|buildah|skopeo)$/,
    danger: network,
  },
  {
    program: /^(?:npm|pnpm|yarn|bun|npx|pnpx|bunx|corepack)$/,
    args: /(?:^| )(?:i|in|ins|install|add|ci|clean-install|install-test|it|update|up|upgrade|exec|x|dlx|create|init|publish|unpublish|deprecate|dist-tag|owner|login|logout|adduser|token|link|rebuild|remove|rm|uninstall|un|audit|view|info|search|outdated|ping|whoami|config|set|pack|prune|dedupe|global)(?: |$)/,
    danger: network,
  },
  { program: /^(?:npx|pnpx|bunx|uvx|pipx)$/, danger: network },
  {
    program: /^(?:pip|pip\d[\d.]*|pipenv|poetry|uv|conda|mamba|pdm|hatch|rye)$/,
    args: /(?:^| )(?:install|download|add|sync|update|lock|remove|uninstall|publish|build|wheel|pip|tool|self|create|env|search|index)(?: |$)/,
    danger: network,
  },
  {
    program: /^(?:python|python\d[\d.]*|pypy\d?|py)$/,
    args: /(?:^| )-m (?:pip|ensurepip|venv|http\.server|smtpd|ftplib|telnetlib|urllib|webbrowser|uv|pipx|twine)(?: |$)/,
    danger: network,
  },
  {
    program:
      /^(?:gem|bundle|bundler|composer|cargo|go|mix|hex|rebar3|brew|port|apt|apt-get|aptitude|dpkg|yum|dnf|rpm|apk|pacman|zypper|snap|flatpak|choco|scoop|winget|nix|nix-env|mvn|gradle|gradlew|dotnet|nuget)$/,
    args: /(?:^| )(?:install|i|-i|-S|-U|add|update|upgrade|get|push|publish|yank|owner|fetch|download|require|remove|uninstall|purge|deps\.get|restore|deploy|release|tap|mod)(?: |$)/,
    danger: network,
  },
  { program: /^(?:twine|vsce|ovsx|goreleaser|semantic-release|lerna|changeset|np)$/, danger: publish },
  {
    program: /^(?:npm|pnpm|yarn|bun|cargo|gem|poetry|docker|podman|dotnet|mvn|gradle)$/,
    args: /(?:^| )(?:publish|push|deploy|release)(?: |$)/,
    danger: publish,
  },
  {
    program:
      /^(?:dropdb|dropuser|createdb|createuser|mysqladmin|pg_restore|pg_ctl|pg_resetwal|mongorestore|mongodump|pg_dump|pg_dumpall|mysqldump|mongosh|mongo|redis-cli|clickhouse-client|cqlsh|sqlcmd|osql)$/,
    danger: { name: "database", what: "It works on a database directly." },
  },
  {
    program: /^prisma$/,
    args: /(?:^| )(?:migrate (?:reset|resolve|deploy|dev)|db (?:push|execute|seed))(?: |$)/,
    danger: reset,
  },
  {
    program: /^(?:python|python\d[\d.]*|manage\.py|django-admin|pypy\d?|py)$/,
    args: /(?:^| )(?:flush|reset_db|reset_schema|sqlflush|drop_test_database|delete_squashed_migrations|dbshell|shell|shell_plus|loaddata|clean_pyc)(?: |$)|(?:^| )migrate (?:\S+ )*(?:zero|\d{4}\S*|--fake\S*)(?: |$)/,
    danger: reset,
  },
  {
    program: /^(?:rails|rake|bin\/rails|hanami)$/,
    args: /db:(?:drop|reset|setup|purge|truncate_all|schema:load|structure:load|migrate:reset|migrate:redo|migrate:down|rollback|seed:replant)|(?:^| )(?:runner|console|dbconsole|destroy)(?: |$)/,
    danger: reset,
  },
  { program: /^alembic$/, args: /(?:^| )(?:downgrade|stamp)(?: |$)/, danger: reset },
  { program: /^flask$/, args: /(?:^| )db (?:downgrade|stamp)(?: |$)|(?:^| )shell(?: |$)/, danger: reset },
  {
    program: /^(?:typeorm|typeorm-ts-node-commonjs|typeorm-ts-node-esm)$/,
    args: /schema:(?:drop|sync)|migration:revert|(?:^| )query(?: |$)/,
    danger: reset,
  },
  { program: /^(?:sequelize|sequelize-cli)$/, args: /db:(?:drop|migrate:undo|seed:undo)/, danger: reset },
  { program: /^drizzle-kit$/, args: /(?:^| )(?:drop|push)(?: |$)/, danger: reset },
  { program: /^(?:knex|objection)$/, args: /migrate:(?:rollback|down|unlock)/, danger: reset },
  {
    program: /^mikro-orm(?:-esm)?$/,
    args: /(?:schema:(?:drop|fresh|update)|migration:(?:fresh|down))/,
    danger: reset,
  },
  { program: /^mix$/, args: /ecto\.(?:drop|reset|rollback|load)/, danger: reset },
  {
    program: /^(?:php|artisan|console|symfony)$/,
    args: /migrate:(?:fresh|reset|refresh|rollback)|db:wipe|(?:doctrine:)?(?:schema:drop|database:drop)|(?:^| )tinker(?: |$)/,
    danger: reset,
  },
  {
    program:
      /^(?:goose|dbmate|migrate|golang-migrate|sqlx|diesel|atlas|sql-migrate|tern|refinery|flyway|liquibase|sqitch|yoyo|node-pg-migrate|db-migrate|graphile-migrate|dbt|schemahero)$/,
    args: /(?:^| )(?:down|reset|drop|dropAll|drop-all|clean|rollback|redo|revert|database drop|database reset|schema clean|force|undo|erase)(?:-\w+)?(?: |$)/i,
    danger: reset,
  },
  {
    program: /^(?:python|python\d[\d.]*|pypy\d?|py)$/,
    args: /^(?:-[A-Za-z]*)?(?:.* )?-[A-Za-z]*c(?: |$)|^-c/,
    danger: code,
  },
  {
    program: /^(?:node|nodejs|deno|bun|tsx|ts-node)$/,
    args: /(?:^| )(?:-e|-p|-pe|--eval|--print|eval|-r|--require|--import|--loader|--inspect\S*)(?:[ =]|$)/,
    danger: code,
  },
  {
    program:
      /^(?:perl|ruby|php|lua|luajit|rscript|julia|elixir|groovy|scala|osascript|powershell|pwsh|cmd|tclsh|expect)$/,
    args: /(?:^| )[-/](?:e|E|r|c|C|i|pe|ne|command|encodedcommand|eval)\b/i,
    danger: code,
  },
  { program: /^(?:awk|gawk|mawk|nawk)$/, args: /system\s*\(|\|\s*"|getline|>/, danger: code },
  {
    program: /^(?:sed|gsed)$/,
    args: /(?:^| )(?:-\w*i|--in-place)|(?:^|[;}\s'])[0-9,$/]*[ew](?: |$)/,
    danger: { name: "edit-in-place", what: "It changes files past the edits that can be taken back." },
  },
  { program: /^(?:eval|source|\.|exec|trap|alias|export|unset|set|cd|pushd)$/, danger: code },
  {
    program:
      /^(?:vi|vim|nvim|emacs|nano|ed|ex|less|more|man|gdb|lldb|strace|ltrace|tmux|screen|script|watchexec|entr|make|gmake)$/,
    args: /!|-c\b|--eval|-x\b|shell/i,
    danger: code,
  },
];
