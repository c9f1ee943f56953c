/* The same model as Election.linger, rule for rule; see close-net.pml for the way it is written. */
#ifndef N
#define N 8
#endif

chan queue[N] = [N] of { byte };   /* what comes to a node */
bit hasBegun[N];
bit leads[N];
byte id;

#define ID(p) (N - 1 - (p))

#define RULES(p)                                                             \
  :: d_step { !hasBegun[p] -> hasBegun[p] = 1; queue[(p + 1) % N] ! ID(p) }  \
  :: d_step {                                                                \
      nempty(queue[p]) ->                                                    \
      queue[p] ? id;                                                         \
      if                                                                     \
      :: id > ID(p) -> queue[(p + 1) % N] ! id                               \
      :: id == ID(p) -> leads[p] = 1; assert(p == 0)                         \
      :: else                                                                \
      fi;                                                                    \
      id = 0                                                                 \
    }

active proctype ring() {
  do
  RULES(0)
  RULES(1)
  RULES(2)
  RULES(3)
#if N > 4
  RULES(4)
#endif
#if N > 5
  RULES(5)
#endif
#if N > 6
  RULES(6)
#endif
#if N > 7
  RULES(7)
#endif
#if N > 8
  RULES(8)
#endif
  od
}
