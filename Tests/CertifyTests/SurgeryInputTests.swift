import CertifyKernel
import TestSupport
import Testing

@testable import Certify

/// What the two small languages accept, and what they say of everything else.
@Suite("Surgery: edge files and unit lists") struct SurgeryInputTests {
  private func network() throws -> Specification {
    try Operated.network(
      [[0.1, 0.2, 0], [0, 0, 0.3], [0.4, 0, 0]], coupling: [[0, 1, 0], [-1, 0, 2], [0, -2, 0]],
      modules: [1, 2])
  }

  @Test(arguments: [
    ("0 1", "removed 1 connection (1 of W)"),
    ("W 0 1 # the same\n\n# nothing\n\t2  0\r\n", "removed 2 connections (2 of W)"),
    ("L 0 1", "removed 2 connections (2 of L)"),
    ("L 0 1 only", "removed 1 connection (1 of L)"),
    ("block 0 1", "removed 4 connections (2 of W, 2 of L)"),
    ("L 0 1\n0 0", "removed 3 connections (1 of W, 2 of L)"),
    ("1 0", "removed nothing: every entry named is 0 already"),
  ])
  func accepted(text: String, summary: String) throws {
    #expect(try EdgeRemoval(EdgeList(text: text), of: network()).summary == summary)
  }

  @Test func zerosAreNoted() throws {
    let removal = try EdgeRemoval(EdgeList(text: "1 0\n0 1\nL 0 2"), of: network())
    #expect(
      removal.notes == [
        "3 of the entries named are 0 already: W[1, 0] (line 1), L[0, 2] (line 3), L[2, 0] (line 3)"
      ])
  }

  @Test(arguments: [
    ("", EdgeListError.empty), ("# none\n", .empty),
    ("0 1\nW 3", .syntax(line: 2, text: "W 3")), ("0 1 2", .syntax(line: 1, text: "0 1 2")),
    ("V 0 1", .syntax(line: 1, text: "V 0 1")), ("0 -1", .syntax(line: 1, text: "0 -1")),
    ("0 1e0", .syntax(line: 1, text: "0 1e0")),
    ("W 0 1 only", .syntax(line: 1, text: "W 0 1 only")),
    ("L 0 1 both", .syntax(line: 1, text: "L 0 1 both")), ("W", .syntax(line: 1, text: "W")),
    ("0 99999999999999999999", .syntax(line: 1, text: "0 99999999999999999999")),
    ("0 3", .unitOutOfRange(line: 1, unit: 3, units: 3)),
    ("0 1\nL 7 0", .unitOutOfRange(line: 2, unit: 7, units: 3)),
    ("block 0 2", .moduleOutOfRange(line: 1, module: 2, modules: 2)),
    ("block 1 1", .sameModule(line: 1, module: 1)), ("L 1 1", .notAPair(line: 1, unit: 1)),
    ("0 1\n\n0 1", .duplicate(line: 3, first: 1, part: "W", row: 0, column: 1)),
    ("L 0 1\nL 1 0", .duplicate(line: 2, first: 1, part: "L", row: 1, column: 0)),
    ("L 0 1 only\nL 0 1", .duplicate(line: 2, first: 1, part: "L", row: 0, column: 1)),
    ("0 1\nblock 0 1", .duplicate(line: 2, first: 1, part: "W", row: 0, column: 1)),
    ("K 0 1", .noSuchPart(line: 1, part: "nonlinear coupling K")),
  ])
  func refused(text: String, error: EdgeListError) throws {
    let network = try network()
    #expect(throws: error) { try EdgeRemoval(EdgeList(text: text), of: network) }
  }

  @Test(arguments: [
    ("0", [1, 2]), ("0,2", [1]), ("1-2", [0]), ("2,0", [1]),
  ])
  func unitsThatStay(text: String, kept: [Int]) throws {
    #expect(try UnitSelection(text: text).kept(in: network()) == kept)
  }

  @Test(arguments: [
    ("", UnitListError.syntax("")), ("a", .syntax("a")), ("0,", .syntax("0,")),
    ("1-2-3", .syntax("1-2-3")), ("-1", .syntax("-1")), ("0x1", .syntax("0x1")),
    ("2-1", .reversed(first: 2, last: 1)), ("1,1", .repeated(unit: 1)),
    ("0-1,1", .repeated(unit: 1)), ("3", .unitOutOfRange(unit: 3, units: 3)),
    ("1-9", .unitOutOfRange(unit: 3, units: 3)), ("0-2", .everything(units: 3)),
  ])
  func unitsRefused(text: String, error: UnitListError) throws {
    let network = try network()
    #expect(throws: error) { try UnitSelection(text: text).kept(in: network) }
  }

  @Test func modules() throws {
    let network = try network()
    #expect(try UnitSelection.module(1).kept(in: network) == [0])
    #expect(throws: UnitListError.moduleOutOfRange(module: 2, modules: 2)) {
      try UnitSelection.module(2).kept(in: network)
    }
    let alone = try Operated.network([[0.5]])
    #expect(throws: UnitListError.everything(units: 1)) {
      try UnitSelection.module(0).kept(in: alone)
    }
  }
}
