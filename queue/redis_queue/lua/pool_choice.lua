-- Who gets whom. Operators are asked in tiers: 0 who takes calls, 1 supervisors, 2 who was paused for not answering, 3 who
-- asked during a call to go after it. The next tier is asked when the one before has nobody on duty for this caller, the
-- first three once the caller has waited long: so the last operator of a night is never lost to a pause that nobody asked
-- for, nor a line to the last one's wish.

-- Whether an operator who asked during a call to pause or to go has not gone yet.
local function stays(record)
  return record.leaving ~= '1' and call('SISMEMBER', key('staying'), record.extension) == 1
end

-- The tier of an operator for a caller; nil = takes none of this caller's calls, now or after the present one.
local function tier(record, caller)
  if listed(caller.exclude, record.extension) or not (listed(record.nodes, caller.node) and watching(caller.node)) then
    return nil
  end
  local state, reason = serves(record)
  if state == 'available' then
    return record.supervisor == '1' and 1 or 0
  elseif state == 'paused' and reason == 'no_answer' then
    return 2
  end
  return stays(record) and 3 or nil
end

local nearest = {}

-- The first tier that has anybody for this caller, or nil: nobody may ever take the call.
local function nearest_tier(caller)
  local alike = caller.node .. ' ' .. caller.exclude
  if nearest[alike] == nil then
    local lowest = false
    for _, extension in ipairs(call('SMEMBERS', key('operators'))) do
      local its = tier(operator(extension), caller)
      if its and (not lowest or its < lowest) then
        lowest = its
      end
      if lowest == 0 then
        break
      end
    end
    nearest[alike] = lowest
  end
  return nearest[alike] or nil
end

-- Whether a tier that has somebody is asked for this caller: who comes before all others is so without a look at the roster.
local function is_asked(its_tier, caller)
  return its_tier == 0 or its_tier <= nearest_tier(caller) or
    (its_tier <= 2 and now - caller.arrived >= times.overflow)
end

-- Extensions of whoever may be free: first who takes calls, longest idle first.
local function candidates()
  local found = call('ZRANGE', key('state:available'), 0, -1)
  for _, others in ipairs({
    call('ZRANGE', key('state:wrap_up'), 0, -1), call('ZRANGE', key('state:paused'), 0, -1),
    call('SMEMBERS', key('staying'))
  }) do
    for _, extension in ipairs(others) do
      found[#found + 1] = extension
    end
  end
  return found
end

local function is_free(record)
  if record.in_use ~= '' then
    return false
  end
  return record.state == 'available' or record.state == 'wrap_up' or
    (record.state == 'paused' and record.pause == 'no_answer') or (record.call_id == '' and stays(record))
end

-- Whether the caller was talking with this operator a moment ago, who is free or still writing that down.
local function knows(record, caller, extension)
  return record.extension == extension and
    (record.state == 'available' or (record.state == 'wrap_up' and record.number == caller.number))
end

-- Smaller is better, position by position: tier, free before wrapping up, skill, language, longest idle, extension.
local function rank(record, caller, its_tier)
  return {
    its_tier,
    record.state == 'wrap_up' and 1 or 0,
    listed(record.skills, caller.category) and 0 or 1,
    listed(record.languages, caller.language) and 0 or 1,
    tonumber(record.idle_since),
    record.extension
  }
end

local function better(one, other)
  for i = 1, #one do
    if one[i] ~= other[i] then
      return one[i] < other[i]
    end
  end
  return false
end

-- The best rank that anybody of the roster could have, but for the idle time: where nobody has the skill, nobody lacks it.
local function best_rank(caller)
  local skill = call('SISMEMBER', key('offered'), 'skill:' .. caller.category)
  local language = call('SISMEMBER', key('offered'), 'language:' .. caller.language)
  return {0, 0, 1 - skill, 1 - language}
end

local function reaches(its_rank, wanted)
  for i = 1, #wanted do
    if its_rank[i] > wanted[i] then
      return false
    end
  end
  return true
end

-- Who was talking with the caller a moment ago, if free for this caller.
local function acquaintance(caller)
  local extension = caller.number ~= '' and call('GET', key('talked:' .. caller.number))
  local record = extension and operator(extension)
  if record and is_free(record) and knows(record, caller, extension) and tier(record, caller) then
    return record
  end
end

-- The best of the candidates for a caller, or nil. They come by idle time, so that most often the first one is it: records
-- are read until nobody better can follow.
local function choose(caller, extensions)
  local known = acquaintance(caller)
  if known then
    return known
  end
  local wanted = best_rank(caller)
  local best, its_best
  for _, extension in ipairs(extensions) do
    local record = operator(extension)
    local its_tier = record and is_free(record) and tier(record, caller)
    if its_tier and is_asked(its_tier, caller) then
      local its_rank = rank(record, caller, its_tier)
      if best == nil or better(its_rank, its_best) then
        best, its_best = record, its_rank
      end
      if reaches(its_best, wanted) then
        break
      end
    end
  end
  return best
end
