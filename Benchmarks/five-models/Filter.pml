/* The same model as Filter.linger, rule for rule; see close-net.pml for the way it is written. */
#ifndef N
#define N 6
#endif

byte level[N];
bit hasSaid[N];
byte last[N];
bit isInside[N];

#define BELOW(p, q) (q == p || level[q] < level[p])
#if N == 6
#define ALONE(p)                                                             \
  (BELOW(p, 0) && BELOW(p, 1) && BELOW(p, 2) && BELOW(p, 3) && BELOW(p, 4) && BELOW(p, 5))
#define INSIDE (isInside[0] + isInside[1] + isInside[2] + isInside[3] + isInside[4] + isInside[5])
#else
#error "the rules are written out for six processes"
#endif

#define RULES(p)                                                             \
  :: d_step { level[p] == 0 -> level[p] = 1 }                                \
  :: d_step {                                                                \
      level[p] > 0 && !hasSaid[p] ->                                         \
      hasSaid[p] = 1; last[level[p]] = p                                     \
    }                                                                        \
  :: d_step {                                                                \
      hasSaid[p] && !isInside[p] && (last[level[p]] != p || ALONE(p)) ->     \
      if                                                                     \
      :: level[p] == N - 1 -> isInside[p] = 1; assert(INSIDE <= 1)           \
      :: else -> level[p] = level[p] + 1; hasSaid[p] = 0                     \
      fi                                                                     \
    }                                                                        \
  :: d_step { isInside[p] -> isInside[p] = 0; hasSaid[p] = 0; level[p] = 0 }

active proctype memory() {
  do
  RULES(0)
  RULES(1)
  RULES(2)
  RULES(3)
  RULES(4)
  RULES(5)
  od
}
