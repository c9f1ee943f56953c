import Testing

@testable import LingerSolve

/// A saved proof is refused once anything in it is other than it was written.
@Suite struct ProofSealTests {
  private static let proof = ProofSeal.sealed(
    title: "Spec: timed invariant x",
    under: "any parameter values",
    asked: "x, please",
    count: 2,
    body: """
      ; initiation
      (reset)
      (set-logic QF_LRA)
      (assert false)
      (check-sat)

      ; step
      (reset)
      (set-logic QF_LRA)
      (assert (> 1 2))
      (check-sat)


      """
  )

  private func isAccepted(_ text: String) -> Bool { (try? ProofSeal.proofs(in: text)) != nil }

  @Test("what was asked is read off each proof of a file")
  func asked() throws {
    let proofs = try ProofSeal.proofs(in: Self.proof + "\n" + Self.proof)
    #expect(proofs.map(\.asked) == ["x, please", "x, please"])
    let lines = Self.proof.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(proofs.map(\.line) == [1, lines.count + 1])
    #expect(proofs[0].lines == proofs[1].lines)
  }

  @Test("the digest is SHA-256")
  func digest() {
    let known = [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        String(repeating: "a", count: 1000),
        "41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3"
      ),
    ]
    for (text, digest) in known { #expect(Digest(Array(text.utf8)).text == digest) }
  }

  @Test("as it was written, alone or behind another, it is accepted")
  func whole() {
    #expect(isAccepted(Self.proof))
    #expect(isAccepted(Self.proof + "\n" + Self.proof))
    #expect(!isAccepted(""))
    #expect(!isAccepted("(assert false)\n(check-sat)\n"))
  }

  @Test("without any of its lines, or with one twice or changed, it is refused")
  func lines() {
    let lines = Self.proof.split(separator: "\n", omittingEmptySubsequences: false)
    let end = lines.lastIndex { !$0.isEmpty } ?? 0
    for index in 0...end {
      var damaged = lines
      damaged.remove(at: index)
      #expect(!isAccepted(damaged.joined(separator: "\n")), "without line \(index + 1)")
      damaged = lines
      damaged.insert(lines[index], at: index)
      #expect(!isAccepted(damaged.joined(separator: "\n")), "line \(index + 1) twice")
      damaged = lines
      damaged[index] += " "
      #expect(!isAccepted(damaged.joined(separator: "\n")), "line \(index + 1) longer")
    }
  }

  @Test("cut off anywhere, or with any byte changed, it is refused")
  func bytes() {
    let bytes = Array(Self.proof.utf8)
    let end = (bytes.lastIndex { $0 != UInt8(ascii: "\n") } ?? 0) + 1
    for index in 0..<end {
      #expect(!isAccepted(String(decoding: bytes[..<index], as: UTF8.self)), "cut at \(index)")
      var damaged = bytes
      damaged[index] ^= 1
      #expect(!isAccepted(String(decoding: damaged, as: UTF8.self)), "byte \(index)")
    }
  }
}
