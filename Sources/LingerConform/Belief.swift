import LingerKernel

/// One explanation of what was seen so far: a state that the subject may be in.
///
/// Times are marks: numbers of moments that the follower of a trace knows (``Follower``). So equal
/// explanations of different traces are equal, and what was worked out once serves them all.
struct Belief: Hashable, Sendable {
  /// The variables, then a flag for each timer.
  var state: [Int]
  /// The values that the watched variable has had, as far as they tell explanations apart.
  var history: [Int] = []
  /// How much of it was there at the latest event.
  var settledHistory = 0
  /// The timers that run, ascending.
  var running: [RunningTimer] = []
  /// Messages that came and are not taken yet, the oldest first.
  var inbox: [Arrived] = []
  /// What a step sent or signalled and was not seen yet, in order.
  var outbox: [Owed] = []

  struct RunningTimer: Hashable, Sendable {
    var timer: Int
    /// It was started at this mark or later,
    var low: Int
    /// and at this one at the latest.
    var high: Int
    /// Its number among the subject's.
    var duration: Int
  }

  struct Arrived: Hashable, Sendable {
    var message: SeenMessage
    var mark: Int
  }

  struct Owed: Hashable, Sendable {
    var output: Output
    var mark: Int
  }

  /// Everything in one row, to sort by.
  var row: [Int] {
    var row = state
    row.append(history.count)
    row += history
    row.append(running.count)
    for timer in running { row += [timer.timer, timer.low, timer.high, timer.duration] }
    row.append(inbox.count)
    for arrived in inbox {
      row += [arrived.mark, arrived.message.record]
      row += arrived.message.values
    }
    for owed in outbox {
      row.append(owed.mark)
      switch owed.output {
      case .message(let message): row += [0, message.record] + message.values
      case .signal(let number, let values): row += [1, number] + values
      }
    }
    return row
  }

  /// Its marks, put through a change of numbers.
  func renumbered(_ change: (Int) -> Int) -> Belief {
    var result = self
    for place in running.indices {
      result.running[place].low = change(running[place].low)
      result.running[place].high = change(running[place].high)
    }
    for place in inbox.indices { result.inbox[place].mark = change(inbox[place].mark) }
    for place in outbox.indices { result.outbox[place].mark = change(outbox[place].mark) }
    return result
  }

  func forEachMark(_ visit: (Int) -> Void) {
    for timer in running {
      visit(timer.low)
      visit(timer.high)
    }
    for arrived in inbox { visit(arrived.mark) }
    for owed in outbox { visit(owed.mark) }
  }
}

/// Something that a subject lets out.
enum Output: Hashable, Sendable {
  case message(SeenMessage)
  case signal(Int, [Int])
}

/// What time decides about a set of beliefs, put as questions that have one answer at a time.
enum TimeQuestion: Hashable, Sendable {
  /// Whether a timer that was started between two marks, for a duration, has expired.
  case expiry(low: Int, high: Int, duration: Int)
  /// Whether a message that came at a mark has been taken, or what was owed at it seen.
  case lag(Int)
  /// Whether as much time as a guard asks for has passed since a timer was started between two
  /// marks.
  case elapsed(low: Int, high: Int, ElapsedBound)

  /// What a guard asks for.
  struct ElapsedBound: Hashable, Sendable {
    /// Its number among the kernel's.
    var question: Int
    /// Whether more has to have passed than it names.
    var isStrict: Bool
    /// Whether it is asked of the latest event's moment, and not of that of the event at hand.
    var isLatest: Bool
  }

  enum Answer: UInt8, Sendable {
    case notYet = 0
    case perhaps = 1
    case certainly = 2
  }
}
