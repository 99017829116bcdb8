(** Bounds on exp(-x), x >= 0, by rational numbers: 1 - y <= exp(-y) <= 1 / (1 + y) at y = x / 2^k, squared k times.
    Somebody proposes the bounds at x, x/2, ..., x/2^k; each is looked at. *)
From Coq Require Import ZArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import zify ssrZ ring.
From Certify Require Import Spec Forms.
From Certify Require Import ExecutableNumbers ExecutableMatrices ExecutablePositive ExecutableNetworks
  ExecutableDense ExecutableGauges ExecutableAssembly.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(** A bound from below and one from above. *)
Definition bracket := (quotient * quotient)%type.

(** Brackets of exp(-x), exp(-x/2), ..., exp(-x/2^k). *)
Definition bracketer := quotient -> bracket * seq bracket.

Fixpoint decay_shown (x : quotient) (b : bracket) (bs : seq bracket) := match bs with
  | [::] => [&& qle q0 b.1, qle (qadd b.1 x) q1 & qle q1 (qmul b.2 (qadd q1 x))]
  | b' :: bs' => [&& qle q0 b.1, qle b.1 (square b'.1), qle (square b'.2) b.2 & decay_shown (qmul qhalf x) b' bs']
  end.

Section Meaning.
Variable R : realFieldType.
Local Notation qr := (qr R).

(** The laws that make [e] the exponential function; over the real numbers there is one such function. *)
Definition exponential (e : R -> R) := (forall x y, e (x + y) = e x * e y) /\ forall x, 1 + x <= e x.

Variable e : R -> R.
Hypothesis laws : exponential e.
Let eD x y : e (x + y) = e x * e y. Proof. by have [-> _] := laws. Qed.
Let e_ge x : 1 + x <= e x. Proof. by have [_] := laws. Qed.

Lemma exponential0 : e 0 = 1.
Proof.
have e0 : e 0 != 0 by rewrite gt_eqF // (lt_le_trans ltr01) //; have := e_ge 0; rewrite addr0.
by apply: (mulfI e0); rewrite -eD addr0 mulr1.
Qed.

Lemma exponential_opp x : e (- x) * e x = 1.
Proof. by rewrite -eD addNr exponential0. Qed.

Lemma exponential_square x : e (- x) = e (- (2%:R^-1 * x)) ^+ 2.
Proof. by rewrite expr2 -eD -opprD -mulrDl; congr (e (- _)); field. Qed.

Lemma exponential_gt0 x : 0 < e x.
Proof.
have s : 0 <= e x by rewrite -[x]opprK exponential_square sqr_ge0.
rewrite lt_neqAle s andbT eq_sym; apply/eqP => z; have := exponential_opp x; rewrite z mulr0 => /eqP.
by rewrite eq_sym oner_eq0.
Qed.

Lemma exponential_lt1 x : 0 < x -> e (- x) < 1.
Proof.
move=> x0; rewrite -(ltr_pmul2r (exponential_gt0 x)) exponential_opp mul1r.
by apply: lt_le_trans (e_ge x); rewrite ltr_addl.
Qed.

Lemma decay_shownP x b bs : 0 <= qr x -> decay_shown x b bs -> 0 <= qr b.1 /\ qr b.1 <= e (- qr x) <= qr b.2.
Proof.
elim: bs x b => [|b' bs IH] x b x0 /=.
  case/and3P=> /(qr_nonneg R) b0; rewrite -!(qr_le R) qrM !qrD qr1 => lo up; split=> //; apply/andP; split.
    by apply: le_trans (e_ge _); rewrite ler_subr_addr.
  rewrite -(ler_pmul2r (exponential_gt0 (qr x))) exponential_opp; apply: (le_trans up).
  apply: ler_wpmul2l (e_ge _); have p : 0 < 1 + qr x by rewrite (lt_le_trans ltr01) // ler_addl.
  by rewrite -(pmulr_lge0 _ p) (le_trans ler01).
case/and4P=> /(qr_nonneg R) b0; rewrite -!(qr_le R) /square !qrM -!expr2 => lo up.
have y0 : 0 <= qr (qmul qhalf x) by rewrite qrM qr_half mulr_ge0 // invr_ge0 ler0n.
case/(IH _ _ y0)=> c0; rewrite qrM qr_half => /andP[lo' up']; split=> //; rewrite exponential_square.
have p := ltW (exponential_gt0 (- (2%:R^-1 * qr x))); apply/andP; split.
  by apply: (le_trans lo); rewrite ler_sqr ?nnegrE.
by apply: le_trans up; rewrite ler_sqr ?nnegrE // (le_trans p).
Qed.

End Meaning.
