-- The best free operator for a call that has just come; who waits already and is as urgent goes first.
--   ARGV[3]  call id
--   ARGV[4]  the caller as JSON
--   returns  {extension} or {refused = busy | nobody | blind}
local call_id, caller = ARGV[3], cjson.decode(ARGV[4])
caller.arrived = now

-- An available operator where nobody stands in line; nil = all else is to be looked at. The caller hears silence until this is
-- answered, so it waits for no disk: the claim is not written to Redis' file. A Redis that dies before the phone rings
-- forgets it, and Asterisk still rings a phone for one call only; all that comes after says the whole record again.
local function at_once()
  if not watching(caller.node) or operator_of(call_id) or call('EXISTS', key('line')) == 1 or is_anything_over() then
    return nil
  end
  local record = choose(caller, call('ZRANGE', key('state:available'), 0, -1))
  if record == nil or record.state ~= 'available' then
    return nil
  end
  redis.set_repl(redis.REPL_NONE)
  record.number = caller.number
  -- Half a millisecond, so that no later lease is the same time: what changes nothing would not be written down either.
  move(record, 'reserved', call_id, 'claimed', '', now + times.lease - 0.5)
  return {extension = record.extension}
end

local function in_turn()
  local stood = caller_of(call_id) ~= nil
  local answer = seek(call_id, caller)
  if answer == nil then
    if not stood then
      drop(call_id)
    end
    answer = {refused = 'busy'}
  end
  return answer
end

return reply(at_once() or in_turn())
