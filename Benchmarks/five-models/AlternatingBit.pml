/* The same model as AlternatingBit.linger, rule for rule; see close-net.pml for the way. */
#define MESSAGES 20
#define PLACES 10

byte done;
bit isWaiting;
byte taken;
byte frame[2];   /* copies in flight */
byte ack[2];

inline give(copies) {
  if
  :: copies < PLACES -> copies++
  :: else
  fi
}

#define RULES(b)                                                             \
  :: d_step {                                                                \
      frame[b] > 0 ->                                                        \
      frame[b]--;                                                            \
      if                                                                     \
      :: b == taken % 2 && taken < MESSAGES -> taken++                       \
      :: else                                                                \
      fi;                                                                    \
      give(ack[b])                                                           \
    }                                                                        \
  :: d_step {                                                                \
      ack[b] > 0 ->                                                          \
      ack[b]--;                                                              \
      if                                                                     \
      :: isWaiting && b == done % 2 -> isWaiting = 0; done++; assert(done <= MESSAGES) \
      :: else                                                                \
      fi                                                                     \
    }

active proctype channel() {
  do
  :: d_step { !isWaiting && done < MESSAGES -> give(frame[done % 2]); isWaiting = 1 }
  :: d_step { isWaiting -> give(frame[done % 2]) }
  RULES(0)
  RULES(1)
  od
}
