-- Ground of every script of the pool. Keys are derived from the prefix, so the pool needs a Redis that is no cluster.
--   KEYS[1]  prefix of all keys
--   ARGV[1]  now in ms; '' = the server's own clock, so that all machines agree
--   ARGV[2]  the pool's times as JSON, in ms
-- Keys, below <prefix>pool: — operators (set of extensions), operator:<ext> (hash), staying (set of
-- extensions), offered (set of skill:<category> and language:<code> that anybody has), state:<state> (zset extension ->
-- since; of state:available idle_since), leases (zset extension -> end), calls (hash call -> extension), line (zset
-- call -> priority and arrival), line_leases (zset call -> end), callers (hash call -> JSON), watchers (zset node ->
-- end), talked:<number> (extension, for a time), served_at (ms) and intervals (list of ms) of the line.
-- Channel: <prefix>wake.
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

local function without(list, item)
  local rest = {}
  for each in string.gmatch(list, '[^,]+') do
    if each ~= item then
      rest[#rest + 1] = each
    end
  end
  return table.concat(rest, ',')
end

local function with(list, item)
  return list == '' and item or without(list, item) .. ',' .. item
end

local function watched()
  return call('ZCOUNT', key('watchers'), '(' .. now, '+inf') > 0
end

-- Whether this node's watcher lives: what the node's phones are is known, and its callers can be sent to them.
local lives = {}
local function watching(node)
  if lives[node] == nil then
    lives[node] = (tonumber(call('ZSCORE', key('watchers'), node)) or 0) > now
  end
  return lives[node]
end

local function reply(answer)
  return cjson.encode({answer = answer, events = events})
end
