import LingerDiagnostics
import LingerModel
import LingerReport
import Testing

@Suite struct StateMachineGraphTests {
  private let state = Expression(.variable(of: nil, 0), .enumeration(0), .none)

  private func constant(_ value: Value) -> Expression {
    Expression(.constant(value), .enumeration(0), .none)
  }

  private func test(_ operation: BinaryOperation, _ value: Value) -> Expression {
    Expression(.binary(operation, state, constant(value)), .bool, .none)
  }

  private func assign(_ value: Expression) -> Statement {
    let place = Place(variable: 0, path: [], type: .enumeration(0), span: .none)
    return Statement(.assign(place, value), .none)
  }

  /// Edges as `from -> to: labels`, of the closing peers with other guards and bodies.
  private func edges(
    _ change: (inout [Transition]) -> Void
  ) throws -> [String] {
    var peers = ClosingPeers()
    change(&peers.model.transitions)
    let graph = try StateMachineGraph(of: nil, variable: nil, in: peers.model)
    return graph.edges.map { edge in
      let target = edge.target.map { graph.nodes[$0] } ?? "?"
      return "\(graph.nodes[edge.source]) -> \(target): \(edge.labels.joined(separator: ", "))"
    }
  }

  @Test("edges go from what the guard allows to what the body assigns")
  func simple() throws {
    let found = try edges { transitions in
      transitions[0].guardCondition = test(.equal, ClosingPeers.open)
      transitions[0].body = [assign(constant(ClosingPeers.closing))]
      transitions[1].guardCondition = test(.notEqual, ClosingPeers.closed)
      transitions[1].body = [
        Statement(
          .conditional(
            test(.equal, ClosingPeers.closing),
            then: [assign(constant(ClosingPeers.closed))],
            otherwise: []
          ),
          .none
        )
      ]
      transitions[2].guardCondition = Expression(
        .contains(
          Expression(
            .constant(.set([ClosingPeers.open, ClosingPeers.closing])),
            .set(.enumeration(0)),
            .none
          ),
          state
        ),
        .bool,
        .none
      )
      transitions[2].body = [assign(Expression(.local(0), .enumeration(0), .none))]
    }
    #expect(
      found == [
        "OPEN -> CLOSING: close / call close", "OPEN -> OPEN: takeFin / receive",
        "CLOSING -> CLOSED: takeFin / receive",
        "OPEN -> ?: resend / timeout retransmission",
        "CLOSING -> ?: resend / timeout retransmission",
      ]
    )
  }

  @Test("a helper written out in place is seen through")
  func helper() throws {
    let found = try edges { transitions in
      transitions.indices.forEach {
        transitions[$0].guardCondition = Expression(
          .bind(
            3,
            constant(ClosingPeers.open),
            in: Expression(
              .binary(.equal, state, Expression(.local(3), .enumeration(0), .none)),
              .bool,
              .none
            )
          ),
          .bool,
          .none
        )
      }
      transitions[0].body = [
        assign(
          Expression(
            .conditional(
              Expression(.local(0), .bool, .none),
              constant(ClosingPeers.closed),
              constant(ClosingPeers.closing)
            ),
            .enumeration(0),
            .none
          )
        )
      ]
    }
    #expect(
      found == [
        "OPEN -> CLOSING: close / call close", "OPEN -> CLOSED: close / call close",
        "OPEN -> OPEN: takeFin / receive, resend / timeout retransmission",
      ]
    )
  }

  @Test("DOT and Mermaid")
  func drawings() throws {
    var peers = ClosingPeers()
    peers.model.transitions[0].guardCondition = test(.equal, ClosingPeers.open)
    peers.model.transitions[0].body = [assign(constant(ClosingPeers.closing))]
    peers.model.transitions[1].guardCondition = test(.equal, ClosingPeers.closing)
    peers.model.transitions[2].guardCondition = test(.equal, ClosingPeers.closing)
    let graph = try StateMachineGraph(of: "Peer", variable: "state", in: peers.model)
    try checkSnapshot("graph.dot", graph.dot)
    try checkSnapshot("graph.mmd", graph.mermaid)
  }

  @Test("a wrong name is answered with the right one")
  func wrongNames() {
    let peers = ClosingPeers()
    #expect {
      _ = try StateMachineGraph(of: "Pear", variable: nil, in: peers.model)
    } throws: {
      ($0 as? StateMachineGraph.Failure)?.message
        == "no role is named 'Pear', did you mean 'Peer'?"
    }
    #expect {
      _ = try StateMachineGraph(of: "Peer", variable: "count", in: peers.model)
    } throws: { ($0 as? StateMachineGraph.Failure)?.message == "'count' is of no enum type" }
  }
}
