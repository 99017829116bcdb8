(** The checker: one program for all rules, and its soundness. [propose] guesses factors, [root] guesses square
    roots; nothing is asked of them. *)
From Coq Require Import ZArith.
From mathcomp Require Import all_ssreflect all_algebra.
From Certify Require Import Spec.
From Certify Require Import ExecutableNumbers ExecutableMatrices ExecutablePositive ExecutableNetworks.
From Certify Require Import ExecutableAbsoluteValue.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Inductive scope := Continuous | AsRun.

(** Rules with the arguments of a certificate. *)
Inductive rule :=
  | AbsoluteValue of vector & vector.

Inductive reason :=
  | NotANetwork          (* slopes or time constants out of order *)
  | NotContracting       (* the bound is no rate above 0, or no factor in [0, 1) *)
  | NotTheseSteps        (* no such map, or it does not run by steps that the checker knows *)
  | NotCovered           (* the rule does not speak of such a network *)
  | NotShown.            (* an inequality of the rule fails, or could not be shown *)

Section Checker.
Variables (propose : proposer) (root : quotient -> quotient).

Definition holds (N : network) (s : scope) (steps : vector) (r : rule) (bound : quotient) : bool :=
  match s, r with
  | Continuous, AbsoluteValue v w => absolute_value_rate N v w bound
  | AsRun, AbsoluteValue v w => absolute_value_factor N steps v w bound
  end.

(** Nothing if the claim is proved, else why not. *)
Definition check (N : network) (s : scope) (steps : vector) (r : rule) (bound : quotient) : option reason :=
  if ~~ sensible N then Some NotANetwork else
  match s with
  | Continuous => if ~~ qlt (qof Z0) bound then Some NotContracting else
    if holds N s steps r bound then None else Some NotShown
  | AsRun => if ~~ (qle (qof Z0) bound && qlt bound (qof (Zpos 1))) then Some NotContracting else
    if ~~ has_steps N steps then Some NotTheseSteps else
    if holds N s steps r bound then None else Some NotShown
  end.

(** What a certificate claims. *)
Definition claim (R : realFieldType) (N : network) (s : scope) (bound : quotient) : Prop :=
  match s with Continuous => flow_claim R N bound | AsRun => run_claim R N bound end.

Theorem check_sound (R : realFieldType) N s steps r bound :
  check N s steps r bound = None -> claim R N s bound.
Proof.
rewrite /check; case: (boolP (sensible N)) => // ok.
case: s => /=.
  case: (boolP (qlt _ _)) => //= l0; case: ifP => // h _; move: h.
  by case: r => *; apply: absolute_value_rateP; eauto.
case: (boolP (_ && _)) => //= /andP[r0 r1].
case: (boolP (has_steps N steps)) => //= hs; case: ifP => // h _; move: h.
by case: r => *; apply: absolute_value_factorP; eauto.
Qed.

End Checker.
