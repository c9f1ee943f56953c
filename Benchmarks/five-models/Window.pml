/* The same model as Window.linger, rule for rule; see close-net.pml for the way it is written. */
#define FRAMES 9
#define WINDOW 2
#define PLACES 2
#define M (2 * WINDOW + 1)

byte base;
byte next;
byte expected;
byte frame[M];   /* copies in flight */
byte ack[M];
byte ahead;

inline give(copies) {
  if
  :: copies < PLACES -> copies++
  :: else
  fi
}

#define RULES(n)                                                             \
  :: d_step {                                                                \
      frame[n] > 0 ->                                                        \
      frame[n]--;                                                            \
      if                                                                     \
      :: expected < FRAMES && n == expected % M -> expected++                \
      :: else                                                                \
      fi;                                                                    \
      give(ack[expected % M])                                                \
    }                                                                        \
  :: d_step {                                                                \
      ack[n] > 0 ->                                                          \
      ack[n]--;                                                              \
      ahead = (n + M - base % M) % M;                                        \
      if                                                                     \
      :: base + ahead <= FRAMES && ahead <= WINDOW ->                        \
        base = base + ahead;                                                 \
        if                                                                   \
        :: next < base -> next = base                                        \
        :: else                                                              \
        fi                                                                   \
      :: else                                                                \
      fi;                                                                    \
      ahead = 0;                                                             \
      assert(next <= base + WINDOW)                                          \
    }

active proctype channel() {
  do
  :: d_step {
      next < FRAMES && next < base + WINDOW ->
      give(frame[next % M]);
      next++;
      assert(next <= base + WINDOW)
    }
  :: d_step { next > base -> next = base }
  RULES(0)
  RULES(1)
  RULES(2)
  RULES(3)
  RULES(4)
  od
}
