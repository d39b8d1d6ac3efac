/**
 * Scripts that Redis runs as a whole: nobody comes in between. Every key of a namespace has the namespace in braces, so
 * that a cluster keeps them together. Times are the server's; `ARGV[1]` of a lease's script is how far it is ahead.
 */

/** KEYS: versions and values of a space, its keys in order. ARGV: key, value, wanted version or "". */
export const SET_VALUE = `
local held = redis.call("HGET", KEYS[1], ARGV[1])
local version = 0
if held then version = tonumber(string.match(held, "^%d+")) end
if ARGV[3] ~= "" and tonumber(ARGV[3]) ~= version then return false end
version = version + 1
redis.call("HSET", KEYS[1], ARGV[1], string.format("%d", version) .. ":" .. ARGV[2])
redis.call("ZADD", KEYS[2], 0, ARGV[1])
return version`;

/** KEYS: as above. ARGV: key. */
export const DELETE_VALUE = `
redis.call("ZREM", KEYS[2], ARGV[1])
return redis.call("HDEL", KEYS[1], ARGV[1])`;

/** KEYS: as above. ARGV: first and last key as ZRANGEBYLEX takes them, most of them or -1. Keys and values by turns. */
export const LIST_VALUES = `
local keys = redis.call("ZRANGEBYLEX", KEYS[2], ARGV[1], ARGV[2], "LIMIT", 0, ARGV[3])
local found = {}
for index, key in ipairs(keys) do
  found[2 * index - 1] = key
  found[2 * index] = redis.call("HGET", KEYS[1], key)
end
return found`;

/**
 * KEYS: the entries, the batch that was written last, the names of logs. ARGV: name, length, batch, entries. A batch that
 * is sent again because its answer was lost is not written again.
 */
export const APPEND = `
local length = redis.call("LLEN", KEYS[1])
local wanted = tonumber(ARGV[2])
local count = #ARGV - 3
if length == wanted + count and redis.call("GET", KEYS[2]) == ARGV[3] then return {1, length} end
if length ~= wanted then return {0, length} end
for index = 4, #ARGV do redis.call("RPUSH", KEYS[1], ARGV[index]) end
redis.call("SET", KEYS[2], ARGV[3])
redis.call("ZADD", KEYS[3], 0, ARGV[1])
return {1, wanted + count}`;

/** KEYS: as above. ARGV: name. */
export const DELETE_LOG = `
redis.call("DEL", KEYS[1], KEYS[2])
return redis.call("ZREM", KEYS[3], ARGV[1])`;

const LEASE = `
local time = redis.call("TIME")
local now = time[1] * 1000 + math.floor(time[2] / 1000) + tonumber(ARGV[1])
local holder, token, expires = unpack(redis.call("HMGET", KEYS[1], "holder", "token", "expires"))
token = tonumber(token or 0)
local live = holder and tonumber(expires) > now
local function give(who, which, till)
  redis.call("HSET", KEYS[1], "holder", who, "token", string.format("%d", which), "expires", string.format("%d", till))
  return {who, string.format("%d", which), string.format("%d", till)}
end
`;

/** KEYS: the lease. ARGV: ahead, holder, milliseconds. */
export const ACQUIRE = `${LEASE}
if live and holder ~= ARGV[2] then return false end
if not live then token = token + 1 end
return give(ARGV[2], token, now + ARGV[3])`;

/** KEYS: the lease. ARGV: ahead, holder, milliseconds, token. */
export const RENEW = `${LEASE}
if not live or holder ~= ARGV[2] or token ~= tonumber(ARGV[4]) then return false end
return give(holder, token, now + ARGV[3])`;

/** KEYS: the lease. ARGV: ahead, holder, token. The token stays: the next holder's must be greater. */
export const RELEASE = `${LEASE}
if holder == ARGV[2] and token == tonumber(ARGV[3]) then redis.call("HSET", KEYS[1], "expires", "0") end
return false`;

/** KEYS: the lease. ARGV: ahead. */
export const HOLDER = `${LEASE}
if not live then return false end
return {holder, string.format("%d", token), expires}`;
