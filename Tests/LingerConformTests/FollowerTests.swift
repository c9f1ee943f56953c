import LingerConform
import LingerKernel
import LingerModel
import LingerTestSupport
import Testing

/// Belief sets on small specs, one rule at a time.
@Suite("belief sets")
struct FollowerTests {
  /// A party that answers each `Ask` with the number that it was asked for plus what it has hidden,
  /// within a second.
  private static let answerer = """
    protocol Answering
    parameter top: 0...1000000000000 = 1000000000000
    enum Phase { idle, asked, resting }
    message Ask { number: 0...top }
    message Answer { number: 0...top, size: 0...top }
    network {
      Client -> Server: Ask
      Server -> Client: Answer
      loss
    }
    role Client { otherwise receive { } }
    role Server {
      var phase: Phase = .idle
      var wanted: 0...top
      timer due
      transition take on receive a: Ask when phase != .asked {
        wanted = a.number
        phase = .asked
        start due for 1 s
      }
      transition answer on internal when phase == .asked {
        choose n in 0...top where n <= 7
        send Answer(number: wanted, size: n)
        cancel due
        phase = .resting
      }
      transition answerAtLast on timeout due {
        send Answer(number: wanted, size: 0)
        phase = .resting
      }
      transition wake on call wake() when phase == .resting { phase = .idle }
    }
    instances client: Client
    instances server: Server
    """

  private struct Bench {
    let subject: Subject
    let engine: BeliefEngine

    init(_ text: String, instance: Int = 1, _ visibility: Visibility, most: Int = 4096) throws {
      subject = try Subject(instance, of: try Model(followed: text))
      engine = BeliefEngine(subject, visibility, mostBeliefs: most)
    }

    func follower() -> Follower { Follower(engine, beginningAt: 0) }

    func message(_ record: String, _ values: [Int]) throws -> SeenMessage {
      let number = try #require(subject.model.records.firstIndex { $0.name == record })
      return SeenMessage(record: number, values: values)
    }
  }

  private static var unseen: Visibility {
    var visibility = Visibility.exact
    visibility.seesCalls = false
    visibility.lag = 1_000
    return visibility
  }

  @Test("a hidden value of many is read off the message that it stands in")
  func hiddenValues() throws {
    let bench = try Bench(Self.answerer, Self.unseen)
    var follower = bench.follower()
    follower.observe(.input(try bench.message("Ask", [123_456_789_012])), at: 10)
    follower.observe(.output(try bench.message("Answer", [123_456_789_012, 7])), at: 20)
    #expect(follower.verdict == .conforms)
    follower.observe(.input(try bench.message("Ask", [5])), at: 30)
    // The condition on the value counts.
    follower.observe(.output(try bench.message("Answer", [5, 8])), at: 40)
    #expect(follower.verdict == .violates)
    #expect(follower.orderDeviation?.event == 3)
    #expect(follower.orderDeviation?.isTime == false)
  }

  @Test("an answer to what was not asked violates the spec, and all beliefs before it are told")
  func unexpected() throws {
    let bench = try Bench(Self.answerer, Self.unseen)
    var follower = bench.follower()
    follower.observe(.input(try bench.message("Ask", [5])), at: 10)
    follower.observe(.output(try bench.message("Answer", [6, 0])), at: 20)
    #expect(follower.verdict == .violates)
    let finding = try #require(follower.firstDeviation)
    // Taken, and not taken yet.
    #expect(Set(finding.before.map(\.untaken.count)) == [0, 1])
  }

  @Test("silence beyond a deadline is a violation of time, and order is judged on")
  func silence() throws {
    let bench = try Bench(Self.answerer, Self.unseen)
    var follower = bench.follower()
    follower.observe(.input(try bench.message("Ask", [5])), at: 0)
    follower.observe(.output(try bench.message("Answer", [5, 1])), at: 1_000_000_500)
    #expect(follower.verdict == .conforms)
    follower.observe(.input(try bench.message("Ask", [6])), at: 2_000_000_000)
    follower.observe(.output(try bench.message("Answer", [6, 1])), at: 3_000_001_002)
    #expect(follower.verdict == .violates)
    #expect(follower.timeDeviation?.event == 3)
    #expect(follower.orderDeviation == nil)
    follower.observe(.output(try bench.message("Answer", [6, 1])), at: 3_000_002_000)
    #expect(follower.orderDeviation?.event == 4)
  }

  @Test("an obligation that is open at the end is owed, and not a violation")
  func openEnd() throws {
    let bench = try Bench(Self.answerer, Self.unseen)
    var follower = bench.follower()
    follower.observe(.input(try bench.message("Ask", [5])), at: 0)
    follower.end(at: 10_000)
    #expect(follower.verdict == .conforms && follower.owes)
    follower = bench.follower()
    follower.end(at: 10_000)
    #expect(!follower.owes)
  }

  @Test("where calls are seen, nothing happens without them")
  func seenCalls() throws {
    for seesCalls in [false, true] {
      var visibility = Self.unseen
      visibility.seesCalls = seesCalls
      let bench = try Bench(Self.waker, instance: 0, visibility)
      var follower = bench.follower()
      follower.observe(.output(try bench.message("Word", [1])), at: 10)
      #expect(follower.verdict == (seesCalls ? .violates : .conforms))
      follower = bench.follower()
      follower.observe(.call("wake", [[1]]), at: 10)
      follower.observe(.output(try bench.message("Word", [1])), at: 10)
      #expect(follower.verdict == .conforms)
    }
  }

  private static let waker = """
    protocol Waking
    message Word { number: 0...3 }
    network { A -> B: Word }
    role A {
      var number: 0...3
      transition wake on call wake(k: 0...3) when number == 0 { number = k }
      transition speak on internal when number > 0 {
        send Word(number: number)
        number = 0
      }
    }
    role B { otherwise receive { } }
    instances a: A
    instances b: B
    """

  @Test("a step that signals before it sends is seen by its signal")
  func signalFirst() throws {
    let text = """
      protocol Announcing
      message Word
      network { A -> B: Word }
      role A {
        var isDone: Bool = false
        signal ready()
        transition speak on internal when !isDone {
          signal ready()
          send Word()
          isDone = true
        }
      }
      role B { otherwise receive { } }
      instances a: A
      instances b: B
      """
    let bench = try Bench(text, instance: 0, .exact)
    var follower = bench.follower()
    follower.observe(.signal(0, []), at: 0)
    follower.observe(.output(try bench.message("Word", [])), at: 0)
    #expect(follower.verdict == .conforms)
    follower.observe(.signal(0, []), at: 0)
    #expect(follower.verdict == .violates)
  }

  @Test("a reported state must be one of those believed")
  func reportedState() throws {
    let bench = try Bench(Self.waker, instance: 0, Self.unseen)
    var follower = bench.follower()
    follower.observe(.state([ReportedVariable(variable: 0, values: [2])]), at: 10)
    #expect(follower.verdict == .conforms)
    follower.observe(.output(try bench.message("Word", [3])), at: 20)
    #expect(follower.verdict == .violates)
    #expect(follower.orderDeviation?.before.map { $0.state[0] } == [2])
  }

  @Test("too many beliefs are unknown, and never conform")
  func limit() throws {
    let bench = try Bench(Self.waker, instance: 0, Self.unseen, most: 2)
    var follower = bench.follower()
    follower.observe(.nothing, at: 5)
    follower.observe(.output(try bench.message("Word", [3])), at: 20)
    guard follower.verdict == .unknown else {
      Issue.record("\(follower.verdict)")
      return
    }
  }

  @Test("a timer that goes off for ever in silence does not take for ever")
  func silentTimer() throws {
    let text = """
      protocol Ticking
      message Word
      network { A -> B: Word }
      role A {
        timer tick armed for 1 us
        transition again on timeout tick { start tick for 1 us }
        transition speak on internal { send Word() }
      }
      role B { otherwise receive { } }
      instances a: A
      instances b: B
      """
    let bench = try Bench(text, instance: 0, Self.unseen)
    var follower = bench.follower()
    follower.observe(.output(try bench.message("Word", [])), at: 1_000_000)
    #expect(follower.verdict == .conforms)
    follower.observe(.output(try bench.message("Word", [])), at: 3_600_000_000_000)
    guard follower.verdict == .unknown else {
      Issue.record("\(follower.verdict)")
      return
    }
  }

  @Test("what no transition takes, and errors of the spec, make an empty set inconclusive")
  func lostBeliefs() throws {
    let text = """
      protocol Losing
      message Word { number: 0...3 }
      network { A -> B: Word
       B -> A: Word }
      role A {
        var sum: 0...3
        transition add on receive w when w.number > 0 { sum += w.number }
        transition tell on internal when sum == 3 { send Word(number: sum) }
      }
      role B { otherwise receive { } }
      instances a: A
      instances b: B
      """
    for (numbers, reason) in [([0], "no transition"), ([2, 2], "error of the spec")] {
      let bench = try Bench(text, instance: 0, Self.unseen)
      var follower = bench.follower()
      for (place, number) in numbers.enumerated() {
        follower.observe(.input(try bench.message("Word", [number])), at: Int64(place))
      }
      follower.observe(.output(try bench.message("Word", [3])), at: 10_000)
      guard follower.verdict == .inconclusive, let words = follower.reason else {
        Issue.record("\(follower.verdict)")
        continue
      }
      #expect(words.contains(reason))
    }
  }

  @Test("what looks beyond the subject cannot be followed, and says where")
  func unfollowable() throws {
    let text = """
      protocol Beyond
      message Word
      network { A -> B: Word }
      role A {
        transition speak on internal when network.count(Word()) == 0 { send Word() }
      }
      role B { otherwise receive { } }
      instances a: A
      instances b: B
      """
    let model = try Model(followed: text)
    #expect {
      _ = try Subject(0, of: model)
    } throws: { error in
      (error as? Unfollowable)?.reason.contains("'speak' asks for the state") ?? false
    }
  }

  @Test("the result of an event is the same whether it was worked out before or not")
  func memo() throws {
    let fresh = try Bench(Self.answerer, Self.unseen)
    let used = try Bench(Self.answerer, Self.unseen)
    for round in 0..<3 {
      var one = fresh.follower()
      var other = used.follower()
      let bench = round == 0 ? fresh : used
      for (time, number) in [(10, 3), (2_000_000_000, 4), (9_000_000_000, 5)] {
        for event: Observation in [
          .input(try bench.message("Ask", [number])),
          .output(try bench.message("Answer", [number, round])),
        ] {
          one.observe(event, at: Int64(time))
          other.observe(event, at: Int64(time))
          #expect(one.histories == other.histories)
          #expect(one.believed(at: Int64(time)) == other.believed(at: Int64(time)))
        }
      }
      #expect(one.verdict == .conforms && other.verdict == .conforms)
    }
  }
}
