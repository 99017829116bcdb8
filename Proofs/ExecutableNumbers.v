(** Integers and quotients that compute, and the numbers of an ordered field that they mean. *)
From Coq Require Import ZArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import zify ssrZ ring.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Record quotient := Quotient { top : Z; bottom : positive }.

Definition qof (z : Z) := Quotient z 1.
Definition qadd a b :=
  Quotient (Z.add (Z.mul (top a) (Zpos (bottom b))) (Z.mul (top b) (Zpos (bottom a))))
    (Pos.mul (bottom a) (bottom b)).
Definition qmul a b := Quotient (Z.mul (top a) (top b)) (Pos.mul (bottom a) (bottom b)).
Definition qopp a := Quotient (Z.opp (top a)) (bottom a).
Definition qsub a b := qadd a (qopp b).
Definition qabs a := Quotient (Z.abs (top a)) (bottom a).
Definition qle a b := Z.leb (Z.mul (top a) (Zpos (bottom b))) (Z.mul (top b) (Zpos (bottom a))).
Definition qlt a b := Z.ltb (Z.mul (top a) (Zpos (bottom b))) (Z.mul (top b) (Zpos (bottom a))).
Definition qmax a b := if qle a b then b else a.

(** 1/a for a > 0; 0 otherwise. *)
Definition qinv a := if top a is Zpos t then Quotient (Zpos (bottom a)) t else qof Z0.

Definition qhalf := Quotient (Zpos 1) 2.

Section Meaning.
Variable R : realFieldType.

Definition zr (z : Z) : R := (int_of_Z z)%:~R.

Lemma zrD a b : zr (Z.add a b) = zr a + zr b.
Proof. by rewrite /zr -intrD; congr _%:~R; apply: (raddfD ZInstances.int_of_Z_additive). Qed.
Lemma zrM a b : zr (Z.mul a b) = zr a * zr b.
Proof. by rewrite /zr -intrM; congr _%:~R; apply: (rmorphM ZInstances.int_of_Z_rmorphism). Qed.
Lemma zrN a : zr (Z.opp a) = - zr a.
Proof. by rewrite /zr -mulrNz; congr _%:~R; apply: (raddfN ZInstances.int_of_Z_additive). Qed.
Lemma zr0 : zr Z0 = 0. Proof. by []. Qed.
Lemma zr1 : zr (Zpos 1) = 1. Proof. by []. Qed.
Lemma zr_le a b : (zr a <= zr b) = Z.leb a b.
Proof. by rewrite /zr ler_int; lia. Qed.
Lemma zr_lt a b : (zr a < zr b) = Z.ltb a b.
Proof. by rewrite /zr ltr_int; lia. Qed.
Lemma zr_eq a b : (zr a == zr b) = Z.eqb a b.
Proof. by rewrite /zr eqr_int; lia. Qed.
Lemma zr_pos p : 0 < zr (Zpos p). Proof. by rewrite -zr0 zr_lt. Qed.
Lemma zr_pos0 p : zr (Zpos p) != 0. Proof. by rewrite gt_eqF ?zr_pos. Qed.
Lemma zr_abs a : zr (Z.abs a) = `|zr a|.
Proof.
have [a0|a0] := lerP 0 (zr a); [rewrite (ger0_norm a0) | rewrite (ltr0_norm a0) -zrN]; congr zr;
  by move: a0; rewrite -zr0 ?zr_le ?zr_lt; lia.
Qed.
Lemma zrMp a b : zr (Zpos (Pos.mul a b)) = zr (Zpos a) * zr (Zpos b).
Proof. by rewrite -zrM. Qed.

Definition qr q : R := zr (top q) / zr (Zpos (bottom q)).

Lemma qr_of z : qr (qof z) = zr z. Proof. by rewrite /qr /= divr1. Qed.
Lemma qr0 : qr (qof Z0) = 0. Proof. exact: qr_of. Qed.
Lemma qr1 : qr (qof (Zpos 1)) = 1. Proof. exact: qr_of. Qed.
Lemma qr_half : qr qhalf = 2%:R^-1. Proof. by rewrite /qr /= div1r. Qed.
Lemma qrD a b : qr (qadd a b) = qr a + qr b.
Proof. by rewrite /qr /= zrD !zrMp !zrM; field; rewrite !zr_pos0. Qed.
Lemma qrM a b : qr (qmul a b) = qr a * qr b.
Proof. by rewrite /qr /= zrMp zrM; field; rewrite !zr_pos0. Qed.
Lemma qrN a : qr (qopp a) = - qr a.
Proof. by rewrite /qr /= zrN mulNr. Qed.
Lemma qrB a b : qr (qsub a b) = qr a - qr b.
Proof. by rewrite qrD qrN. Qed.
Lemma qr_abs a : qr (qabs a) = `|qr a|.
Proof. by rewrite /qr /= zr_abs normrM normfV (gtr0_norm (zr_pos _)). Qed.
Lemma qr_le a b : (qr a <= qr b) = qle a b.
Proof. by rewrite /qr ler_pdivr_mulr ?zr_pos // mulrAC ler_pdivl_mulr ?zr_pos // -!zrM zr_le. Qed.
Lemma qr_lt a b : (qr a < qr b) = qlt a b.
Proof. by rewrite /qr ltr_pdivr_mulr ?zr_pos // mulrAC ltr_pdivl_mulr ?zr_pos // -!zrM zr_lt. Qed.
Lemma qr_max a b : qr a <= qr (qmax a b) /\ qr b <= qr (qmax a b).
Proof.
rewrite /qmax; case: ifP; rewrite -qr_le => h; split=> //.
by move/negbT: h; rewrite -ltNge => /ltW.
Qed.
Lemma qr_inv a : 0 < qr a -> qr (qinv a) = (qr a)^-1.
Proof.
rewrite -qr0 qr_lt /qlt /qinv /qr; case: (top a) => [|t|t] //= _.
by rewrite invf_div.
Qed.
Lemma qr_positive q : qlt (qof Z0) q -> 0 < qr q.
Proof. by rewrite -qr_lt qr0. Qed.
Lemma qr_nonneg q : qle (qof Z0) q -> 0 <= qr q.
Proof. by rewrite -qr_le qr0. Qed.

End Meaning.

(** Otherwise unification looks for naturals in it. *)
Global Opaque zr.
