-- Ground of every script of the pool. Keys are derived from the prefix, so the pool needs a Redis that is no cluster.
--   KEYS[1]  prefix of all keys
--   ARGV[1]  now in ms; '' = the server's own clock, so that all machines agree
--   ARGV[2]  the pool's times as JSON, in ms
-- Keys, below <prefix>pool: — operators (set of extensions), operator:<ext> (hash), state:<state> (zset extension ->
-- since), leases (zset extension -> end), calls (hash call -> extension), line (zset call -> priority and arrival),
-- line_leases (zset call -> end), callers (hash call -> JSON), watchers (zset node -> end). Channel: <prefix>wake.
local call = redis.call
local prefix = KEYS[1]
local times = cjson.decode(ARGV[2])
local events = {}

local function server_clock()
  local time = call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

local now = tonumber(ARGV[1]) or server_clock()

local function key(name)
  return prefix .. 'pool:' .. name
end

-- Whether item is in the comma-separated list.
local function listed(list, item)
  return item ~= '' and string.find(',' .. list .. ',', ',' .. item .. ',', 1, true) ~= nil
end

local function watched()
  return call('ZCOUNT', key('watchers'), '(' .. now, '+inf') > 0
end

local function reply(answer)
  return cjson.encode({answer = answer, events = events})
end
