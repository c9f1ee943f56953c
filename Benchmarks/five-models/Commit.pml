/* The same model as Commit.linger, rule for rule; see close-net.pml for the way it is written. */
#ifndef N
#define N 5
#endif
#define ALL ((1 << N) - 1)

#define OPEN   0
#define COMMIT 1
#define ABORT  2

#define IDLE      0
#define READY     1
#define REFUSED   2
#define COMMITTED 3
#define ABORTED   4

bit hasAsked;
byte decision;
byte yes;
byte done;
byte stage[N];
bit prepare[N];
bit voteYes[N];
bit voteNo[N];
bit outcomeCommit[N];
bit outcomeAbort[N];
bit doneSent[N];

inline tell_commit() {
  outcomeCommit[0] = 1; outcomeCommit[1] = 1; outcomeCommit[2] = 1; outcomeCommit[3] = 1;
  outcomeCommit[4] = 1
}
inline tell_abort() {
  outcomeAbort[0] = 1; outcomeAbort[1] = 1; outcomeAbort[2] = 1; outcomeAbort[3] = 1;
  outcomeAbort[4] = 1
}

#define RULES(p)                                                             \
  :: d_step {                                                                \
      prepare[p] ->                                                          \
      prepare[p] = 0;                                                        \
      if                                                                     \
      :: stage[p] == IDLE -> stage[p] = READY; voteYes[p] = 1                \
      :: else                                                                \
      fi                                                                     \
    }                                                                        \
  :: d_step {                                                                \
      prepare[p] ->                                                          \
      prepare[p] = 0;                                                        \
      if                                                                     \
      :: stage[p] == IDLE -> stage[p] = REFUSED; voteNo[p] = 1               \
      :: else                                                                \
      fi                                                                     \
    }                                                                        \
  :: d_step {                                                                \
      outcomeCommit[p] -> outcomeCommit[p] = 0; stage[p] = COMMITTED; doneSent[p] = 1 \
    }                                                                        \
  :: d_step {                                                                \
      outcomeAbort[p] -> outcomeAbort[p] = 0; stage[p] = ABORTED; doneSent[p] = 1 \
    }                                                                        \
  :: d_step {                                                                \
      voteYes[p] ->                                                          \
      voteYes[p] = 0;                                                        \
      if                                                                     \
      :: decision == OPEN ->                                                 \
        yes = yes | (1 << p);                                                \
        if                                                                   \
        :: yes == ALL -> decision = COMMIT; tell_commit()                    \
        :: else                                                              \
        fi                                                                   \
      :: else                                                                \
      fi                                                                     \
    }                                                                        \
  :: d_step {                                                                \
      voteNo[p] ->                                                           \
      voteNo[p] = 0;                                                         \
      if                                                                     \
      :: decision == OPEN -> decision = ABORT; tell_abort()                  \
      :: else                                                                \
      fi                                                                     \
    }                                                                        \
  :: d_step { doneSent[p] -> doneSent[p] = 0; done = done | (1 << p) }

active proctype commit() {
  do
  :: d_step {
      !hasAsked ->
      hasAsked = 1;
      prepare[0] = 1; prepare[1] = 1; prepare[2] = 1; prepare[3] = 1; prepare[4] = 1
    }
  :: d_step { hasAsked && decision == OPEN -> decision = ABORT; tell_abort() }
  RULES(0)
  RULES(1)
  RULES(2)
  RULES(3)
  RULES(4)
  od
}
