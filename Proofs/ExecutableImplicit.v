(** Fully implicit Euler steps, y = e + h A y, from a proof for the flow (Swift: [StepOfFlow]; theory 6). *)
From Coq Require Import ZArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import zify ssrZ ring.
From Certify Require Import Spec Forms Steps.
From Certify Require Import ExecutableNumbers ExecutableMatrices ExecutablePositive ExecutableNetworks
  ExecutableDense Executable ExecutableTrees.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(** The step brings two states nearer by rho in some metric. It has one solution: two would differ by a d with
    d = h A d, and rho |0| bounds |d|. *)
Definition implicit_claim (R : realFieldType) N (h rho : quotient) := exists M : 'M[R]_(units N),
  [/\ 0 <= qr R rho < 1, posdef M & forall A, flow R N A -> forall e y, y = e + qr R h *: (A *m y) ->
    qf M y <= qr R rho ^+ 2 * qf M e].

Section Checker.
Variables (help : helpers) (fuel : nat).

(** t proves the rate lam of the flow, and rho (1 + h lam) >= 1. *)
Definition check_implicit N (h : quotient) (paces : vector) (t : tree) (lam rho : quotient) : option reason :=
  if ~~ (qlt q0 h && qle q0 rho && qlt rho q1) then Some NotContracting else
  if ~~ qle q1 (qmul rho (qadd q1 (qmul h lam))) then Some NotShown else
  check_tree help fuel N Continuous paces t lam.

Theorem check_implicit_sound (R : realFieldType) N h paces t lam rho :
  check_implicit N h paces t lam rho = None -> implicit_claim R N h rho.
Proof.
rewrite /check_implicit; case: (boolP (_ && _)); last by move=> _ no; discriminate no.
move=> /andP[/andP[/(qr_positive R) h0 /(qr_nonneg R) r0]]; rewrite -(qr_lt R) qr1 => r1; rewrite [negb _]/=.
case le: (qle q1 _); last by move=> no; discriminate no.
move: le; rewrite -(qr_le R) qrM qrD qrM qr1 => le /(check_tree_sound R) [M [l0 [pM d]]].
exists M; split=> [||A FA e y step]; rewrite ?r0 //.
have := implicit_step pM (ltW h0) (ltW l0) d FA step.
have s0 : 0 < 1 + qr R h * qr R lam by rewrite addr_gt0 ?ltr01 // mulr_gt0.
move=> grow; apply: (@le_trans _ _ (qr R rho ^+ 2 * ((1 + qr R h * qr R lam) ^+ 2 * qf M y))).
  rewrite mulrA -exprMn -[X in X <= _]mul1r ler_wpmul2r ?posdef_nonneg //.
  by apply: exprn_ege1.
by rewrite ler_wpmul2l // sqr_ge0.
Qed.

End Checker.
