/*
 * The same model as Peterson.linger. One process for each transition, which is always in the same
 * control state: weak fairness of processes is weak fairness of transitions then, and the states
 * are those of the variables. What is not fair may also do nothing.
 */
#define OUTSIDE 0
#define RAISED  1
#define WAITING 2
#define INSIDE  3

byte place[2];
byte turn;

proctype Try(byte p) {
  do
  :: d_step { place[p] == OUTSIDE -> place[p] = RAISED }
  :: place[p] == OUTSIDE
  od
}

proctype Yield(byte p) {
  do :: d_step { place[p] == RAISED -> turn = 1 - p; place[p] = WAITING } od
}

#define MAY_ENTER (place[p] == WAITING && (place[1 - p] == OUTSIDE || turn == p))

proctype Enter(byte p) {
  do
  :: d_step { MAY_ENTER -> place[p] = INSIDE }
#ifdef CHANGED
  :: MAY_ENTER
#endif
  od
}

proctype Leave(byte p) {
  do :: d_step { place[p] == INSIDE -> place[p] = OUTSIDE } od
}

init {
  atomic {
    run Try(0); run Try(1); run Yield(0); run Yield(1);
    run Enter(0); run Enter(1); run Leave(0); run Leave(1)
  }
}

#define ENTERED (place[0] == INSIDE)
ltl entered { [] ((place[0] == RAISED) -> <> ENTERED) }
ltl left { [] (ENTERED -> <> (place[0] == OUTSIDE)) }
ltl tried { [] ((place[0] == OUTSIDE) -> <> (place[0] == RAISED)) }
