import { hash } from 'node:crypto';

/**
 * Takes from all buckets of a request or from none, by the clock of the server. What is counted is whole and below 2^53, as in
 * `bucket.ts`; `%.0f` writes all of its digits, which `tostring` does not.
 *
 * KEYS: when counting began here, then one for each bucket.
 * ARGV: 1 where the asking replica has counted here before; then for each bucket what it holds, what flows in each millisecond, and
 * what is taken.
 * Answer: 1 and what is left in each bucket; or 0, the number of the bucket that has to be waited for longest, and for how many
 * milliseconds, -1 where it never holds as much.
 *
 * A bucket that is not there is full: it is kept for as long as it is not. But where a replica has counted here before and nothing is
 * there any more (a server that was killed and kept nothing), every bucket begins empty, so that nobody gets a burst twice.
 */
export const takeScript = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local held = redis.call('MGET', unpack(KEYS))
local since = tonumber(held[1] or nil)
if not since then
  since = ARGV[1] == '1' and now or -1
  redis.call('SET', KEYS[1], string.format('%.0f', since))
end
local after, at, waits, short = {}, {}, 0, 0
for i = 2, #KEYS do
  local capacity, inflow, parts = tonumber(ARGV[3 * i - 4]), tonumber(ARGV[3 * i - 3]), tonumber(ARGV[3 * i - 2])
  local level, from
  if held[i] then
    level, from = string.match(held[i], '^(%d+) (%d+)$')
    level, from = tonumber(level), tonumber(from)
  elseif since < 0 then
    level, from = capacity, now
  else
    level, from = 0, since
  end
  if now > from then
    local gained = (now - from) * inflow
    if gained >= capacity - level then level = capacity else level = level + gained end
  end
  if level > capacity then level = capacity end
  after[i] = level - parts
  at[i] = math.max(now, from)
  if after[i] < 0 then
    local missing = -after[i]
    local rest = missing % inflow
    local wait = parts > capacity and math.huge or (missing - rest) / inflow + (rest == 0 and 0 or 1)
    if short == 0 or wait > waits then short, waits = i - 1, wait end
  end
end
if short > 0 then return {0, short, waits == math.huge and -1 or waits} end
local answer = {1}
for i = 2, #KEYS do
  local capacity, inflow = tonumber(ARGV[3 * i - 4]), tonumber(ARGV[3 * i - 3])
  local full = math.ceil((capacity - after[i]) / inflow) + at[i] - now + 1000
  redis.call('SET', KEYS[i], string.format('%.0f %.0f', after[i], at[i]), 'PX', string.format('%.0f', full))
  answer[i] = after[i]
end
return answer
`;

/** How the server calls the script. */
export const takeDigest = hash('sha1', takeScript, 'hex');
