import LingerConform
@testable import LingerDrive
import LingerKernel
import LingerModel
import LingerTestSupport
import Testing

/// Parties that choose from more values than can be tried: they choose near those in play, and a
/// move says what they chose by what they sent.
@Suite("wide choices of other parties")
struct WideChoiceTests {
  private static let spec = """
    protocol Wide
    message Ask { number: 0...1000 }
    message Reply { number: 0...1000, size: 0...1000, isLast: Bool }
    network {
      Client -> Server: Ask
      Server -> Client: Reply
      loss
      reordering
      capacity 4
    }
    role Client {
      transition ask on call ask(n: 0...3) { send Ask(number: 100 * n) }
      transition take on receive r { }
    }
    role Server {
      var asked: 0...1000 = 0
      timer again
      transition reply on receive a when a.number != 200 {
        choose n in 0...1000 where n > a.number
        choose size in 0...1000
        choose isLast in Bool
        send Reply(number: n, size: size, isLast: isLast)
        asked = a.number
        start again for 5 s
      }
      transition later on receive a when a.number == 200 { asked = 200 }
      transition refuse on receive a when a.number == 200 { asked = 201 }
      transition replyAgain on timeout again {
        choose n in 0...1000 where n == asked + 1
        send Reply(number: n, size: n, isLast: true)
      }
      transition offer on internal when asked > 0 {
        choose n in 0...1000 where n >= asked
        send Reply(number: n, size: 0, isLast: false)
      }
    }
    instances client: Client
    instances server: Server
    """

  private static let server = 1

  private final class Silent: DrivenSubject {
    var hasVirtualTime: Bool { true }
    func reset(seed: UInt64) -> SubjectReply { SubjectReply() }
    func take(_ input: SubjectInput, at time: Int64) -> SubjectReply {
      var reply = SubjectReply()
      if case .call(_, let arguments) = input {
        let ask = SeenMessage(record: 0, values: [100 * arguments[0][0]])
        reply.outputs = [.init(time: time, .output(ask))]
      }
      return reply
    }
  }

  private func driver(steps: Int = 40, mostWords: Int = World.mostWords) throws -> Driver {
    let subject = try Subject(0, of: try Model(spec: Self.spec), tellsHistory: false)
    var options = Driver.Options()
    options.steps = steps
    options.mostWords = mostWords
    return Driver(subject, .exact, mostBeliefs: 100, Silent(), options)
  }

  private func ask(_ number: Int) -> Move { .call(name: "ask", arguments: [[number]]) }

  private func delivery(answer: Move.PartyChoice? = nil) -> Move {
    .deliver(.oldest, to: Self.server, keepsCopy: false, answer: answer)
  }

  private func replies(_ run: DrivenRun) -> [[Int]] {
    run.surroundings.flying.indices.map { run.surroundings.message(at: $0).values }
  }

  /// What it was asked last.
  private func stateOfServer(_ run: DrivenRun) throws -> Int {
    let server = try #require(run.surroundings.parties[Self.server])
    return run.world.registers(server.state)[0]
  }

  @Test("what was forgotten is worked out again")
  func forgetting() throws {
    let (driver, forgetful) = (try driver(), try driver(mostWords: 1))
    for number in 0..<200 {
      let run = driver.run(number, coverage: Coverage())
      let other = forgetful.run(number, coverage: Coverage())
      #expect(run.moves == other.moves && replies(run) == replies(other))
      #expect(try stateOfServer(run) == stateOfServer(other))
    }
    #expect(forgetful.world.generation > 400 && driver.world.generation == 0)
  }

  @Test("without a name the answer is near what was asked, the same each time")
  func unnamed() throws {
    let run = try driver().run([ask(1), delivery()])
    #expect(run.end == nil && run.failure == nil)
    let values = try #require(replies(run).first)
    #expect(values[0] > 100 && values[0] <= 1000)
    #expect(try replies(driver().run([ask(1), delivery()])) == [values])
  }

  @Test("a name says the answer")
  func named() throws {
    let model = try Model(spec: Self.spec)
    let transition = try #require(model.transitions.firstIndex { $0.name == "reply" })
    let wanted = SeenMessage(record: 1, values: [707, 13, 1])
    let step = Move.PartyChoice(transition, way: 1, hints: wanted)
    #expect(try replies(driver().run([ask(1), delivery(answer: step)])) == [wanted.values])
    // Not possible after another question: then it answers as it can.
    let late = Move.PartyChoice(transition, hints: SeenMessage(record: 1, values: [100, 13, 1]))
    let run = try driver().run([ask(1), delivery(answer: late)])
    #expect(replies(run).count == 1 && replies(run)[0][0] > 100)
  }

  @Test("of several receptions each can be named")
  func severalReceptions() throws {
    let model = try Model(spec: Self.spec)
    for (name, asked) in [("later", 200), ("refuse", 201)] {
      let transition = try #require(model.transitions.firstIndex { $0.name == name })
      let run = try driver().run([ask(2), delivery(answer: Move.PartyChoice(transition))])
      #expect(try stateOfServer(run) == asked)
    }
  }

  @Test("a timer's choice is made near what was heard, too")
  func timers() throws {
    let run = try driver().run([ask(1), delivery(), .wait(.untilDue)])
    #expect(replies(run).last == [101, 101, 1])
  }

  @Test("runs at random find many answers, take each reception, and say what they did")
  func random() throws {
    let driver = try driver()
    var answers: Set<[Int]> = []
    var asked: Set<Int> = []
    for number in 0..<60 {
      let run = driver.run(number, coverage: Coverage())
      #expect(run.end == nil && run.failure == nil)
      let again = driver.run(run.moves)
      #expect(again.moves == run.moves && replies(again) == replies(run))
      for case .receive(let message) in run.exchanges.map(\.input) {
        answers.insert(message.values)
      }
      asked.insert(try stateOfServer(run))
    }
    #expect(answers.count > 20)
    #expect(asked.isSuperset(of: [200, 201]))
  }
}
