import LingerConform
import LingerKernel

/// What a ``World`` has met and worked out. States, messages and what is believed have numbers, by
/// which everything else is looked up; when it is thrown away no number means anything any more.
struct WorldMemory {
  /// Rows of registers.
  var states = WordTable()
  /// Rows of a record and its fields.
  var messageRows = WordTable()
  var messages: [SeenMessage] = []
  /// Rows of states of the subject that are believed at the same time.
  var beliefs = WordTable()
  /// By instance; nil before the first run.
  var firstParties: [Surroundings.Party?]?
  /// By number of what is believed: the calls that are possible.
  var calls: [[World.PossibleCall]?] = []
  /// By instance, state and hint.
  var ownSteps = NumberMemo<[PartyStep]>()
  /// By instance and timer, state, and hint.
  var expiries = NumberMemo<[PartyStep]>()
  /// By instance and sender, state, and message and hint.
  var receptions = NumberMemo<World.Receptions>()
  /// By call and state.
  var allowed = NumberMemo<Bool>()
  /// By what is believed, and message: the transitions that it leads to; nil where the spec does
  /// not say what happens.
  var arrivals = NumberMemo<[Int]?>()
  /// By state and input.
  var leadsTo = NumberMemo<[Int]>()
  var outcomes = ExchangeMemo()
  /// Rows of what was believed, an exchange and what is believed.
  var exchanges = WordTable()
  var explanations: [[Int]] = []
  /// A row that is being put together.
  var row: [Int] = []
  /// Words of steps that are remembered.
  var stepWords = 0

  /// What an entry of a memo takes beside what is counted, in words.
  private static let entryWords = 14

  /// Whether it takes more words than so many, about.
  ///
  /// Mutating, so that it is looked at where it is: what is read of an object's is copied first.
  mutating func takes(moreThan most: Int) -> Bool {
    let entries =
      ownSteps.count + expiries.count + receptions.count + allowed.count + arrivals.count
      + leadsTo.count + explanations.count + messages.count
    let rows =
      states.wordCount + messageRows.wordCount + beliefs.wordCount + exchanges.wordCount
    return 2 * rows + stepWords + Self.entryWords * entries >= most
  }
}
