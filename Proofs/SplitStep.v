(** A step that turns by the linear coupling and leaks unit by unit (Swift: [SplitStep], with the proof):

        y+ = Q ((1 - A) y + A^1/2 W A^1/2 phi(y) + u),   Q = (1 - hL/2)^-1 (1 + hL/2),   A = diag(a), 0 < a <= 1

    With W block diagonal over components k, |P^1/2 W_k P^-1/2| <= s_k, slopes of size at most g and
    |e^T P L e| <= r e^T P e, h r < 2, the map contracts in P with

        rho^2 = (1 + 2 h r / (1 - h r / 2)^2)  max_i (1 - a_i (1 - g^2 s^2)).

    The field holds roots b_i of a_i; the conditions are on a alone. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From Certify Require Import Spec Forms.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Turn.
Variables (R : realFieldType) (n : nat) (M L : 'M[R]_n) (h r : R).
Hypotheses (pM : posdef M) (h0 : 0 <= h) (r0 : 0 <= r) (hr : h * r < 2%:R).
Hypothesis residual : forall e, bf M e (L *m e) <= r * qf M e.
Let sM := posdef_symmetric pM.
Let nM := posdef_nonneg pM.

Lemma half_turn z : (1 - h * r / 2%:R) ^+ 2 * qf M z <= qf M (z - (h / 2%:R) *: (L *m z)).
Proof.
have [|q0] := eqVneq (qf M z) 0; first by move=> ->; rewrite mulr0 nM.
have qp : 0 < qf M z by rewrite lt_neqAle eq_sym q0 nM.
set x := z - _.
have t0 : 0 <= 1 - h * r / 2%:R by rewrite subr_ge0 ler_pdivr_mulr ?ltr0n // mul1r ltW.
have low : (1 - h * r / 2%:R) * qf M z <= bf M z x.
  have h1 : 0 <= r * qf M z - bf M z (L *m z) by rewrite subr_ge0.
  rewrite /x bfDr bfNr bfZr -/(qf M z).
  by apply: (le_by (s := h / 2%:R * (r * qf M z - bf M z (L *m z)))); [ring | rewrite mulr_ge0 // divr_ge0 ?ler0n].
have p0 : 0 <= (1 - h * r / 2%:R) * qf M z by rewrite mulr_ge0.
rewrite -(ler_pmul2l qp); apply: (le_trans _ (cauchy_schwarz z x sM nM)).
have -> : qf M z * ((1 - h * r / 2%:R) ^+ 2 * qf M z) = ((1 - h * r / 2%:R) * qf M z) ^+ 2 by ring.
by rewrite ler_sqr ?nnegrE // (le_trans p0).
Qed.

Lemma turn_unit : 1%:M - (h / 2%:R) *: L \in unitmx.
Proof.
rewrite -unitmx_tr -row_free_unit -kermx_eq0 -submx0; apply/rV_subP => v.
rewrite submx0 => /sub_kermxP /(congr1 trmx); rewrite trmx_mul trmxK trmx0 => z0.
suff : v^T = 0 by move/(congr1 trmx); rewrite trmxK trmx0 => ->.
apply: (posdef_eq0 pM); have := half_turn v^T.
have -> : v^T - (h / 2%:R) *: (L *m v^T) = 0 by rewrite -z0 mulmxBl mul1mx -scalemxAl.
rewrite {2}/qf bf0r => le0; rewrite -(@pmulr_rle0 _ ((1 - h * r / 2%:R) ^+ 2)) //.
by rewrite exprn_gt0 // subr_gt0 ltr_pdivr_mulr ?ltr0n // mul1r.
Qed.

Definition turn := invmx (1%:M - (h / 2%:R) *: L) *m (1%:M + (h / 2%:R) *: L).

Lemma turn_le x : qf M (turn *m x) <= (1 + 2%:R * h * r / (1 - h * r / 2%:R) ^+ 2) * qf M x.
Proof.
pose z := invmx (1%:M - (h / 2%:R) *: L) *m x.
have com : turn *m x = z + (h / 2%:R) *: (L *m z).
  have C : (1%:M + (h / 2%:R) *: L) *m (1%:M - (h / 2%:R) *: L)
      = (1%:M - (h / 2%:R) *: L) *m (1%:M + (h / 2%:R) *: L).
    move: (h / 2%:R *: L) => X; rewrite mulmxDl mul1mx mulmxBr mulmx1 mulmxBl mul1mx mulmxDr mulmx1.
    by rewrite addrA subrK opprD addrA addrK.
  rewrite /turn -[x in LHS](mulKVmx turn_unit) -/z mulmxA -(mulmxA (invmx _)) C mulKmx ?turn_unit //.
  by rewrite mulmxDl mul1mx -scalemxAl.
have xE : x = z - (h / 2%:R) *: (L *m z).
  by rewrite -[x in LHS](mulKVmx turn_unit) -/z mulmxBl mul1mx -scalemxAl.
have t0 : 0 < 1 - h * r / 2%:R by rewrite subr_gt0 ltr_pdivr_mulr ?ltr0n // mul1r.
have half := half_turn z; rewrite -xE in half.
have grow : qf M (turn *m x) <= qf M x + 2%:R * h * r * qf M z.
  rewrite com xE !qfD // qfN bfNr !bfZr.
  have h1 : 0 <= r * qf M z - bf M z (L *m z) by rewrite subr_ge0.
  by apply: (le_by (s := 2%:R * h * (r * qf M z - bf M z (L *m z))));
    [field | apply: mulr_ge0 h1; rewrite mulr_ge0 ?ler0n].
apply: (le_trans grow); rewrite mulrDl mul1r ler_add2l.
have c0 : 0 <= 2%:R * h * r by rewrite !mulr_ge0 ?ler0n.
rewrite -[X in _ <= X]mulrA; apply: (ler_wpmul2l c0).
by rewrite mulrC ler_pdivl_mulr ?exprn_gt0 // mulrC.
Qed.

End Turn.

Section SplitStep.
Variables (R : realFieldType) (n p : nat) (home : 'I_n -> 'I_p).
Variables (P a b : 'rV[R]_n) (W L : 'M[R]_n) (s : 'I_p -> R) (l g h r rho leaks : R).
Hypotheses (P0 : forall i, 0 < P 0 i) (a0 : forall i, 0 < a 0 i <= 1) (root : forall i, b 0 i ^+ 2 = a 0 i).
Hypotheses (gl : - g <= l) (h0 : 0 <= h) (r0 : 0 <= r) (hr : h * r < 2%:R) (leaks0 : 0 <= leaks).

(** The component's norm, of what W makes of it. *)
Hypothesis norms : forall k (x : 'cV[R]_n), \sum_(i | home i == k) P 0 i * (W *m x) i 0 ^+ 2
  <= s k ^+ 2 * \sum_(i | home i == k) P 0 i * x i 0 ^+ 2.
Hypothesis residual : forall e, bf (diag_mx P) e (L *m e) <= r * qf (diag_mx P) e.
Hypothesis slack : forall i, 1 - a 0 i * (1 - g ^+ 2 * s (home i) ^+ 2) <= leaks.
Hypothesis factor : (1 + 2%:R * h * r / (1 - h * r / 2%:R) ^+ 2) * leaks <= rho ^+ 2.

(** (1 - A) + A^1/2 W A^1/2 D. *)
Definition leaky d : 'M[R]_n := 1%:M - diag_mx a + diag_mx b *m W *m diag_mx b *m diag_mx d.

Definition split_family : family R n := fun B => exists2 d, slopes l g d & B = turn L h *m leaky d.

Lemma leaky_le d e : slopes l g d -> qf (diag_mx P) (leaky d *m e) <= leaks * qf (diag_mx P) e.
Proof.
move=> sd; pose c := W *m (diag_mx b *m (diag_mx d *m e)).
have image i : (leaky d *m e) i 0 = (1 - a 0 i) * e i 0 + b 0 i * c i 0.
  have -> : leaky d *m e = e - diag_mx a *m e + diag_mx b *m c.
    by rewrite /leaky /c mulmxDl mulmxBl mul1mx !mulmxA.
  by move: c => c; rewrite !mul_diag_mx !mxE; entries R; ring.
rewrite !qf_diag; apply: (@le_trans _ _ (\sum_i P 0 i * ((1 - a 0 i) * e i 0 ^+ 2 + c i 0 ^+ 2))).
  apply: ler_sum => i _; apply: ler_wpmul2l; first exact: ltW.
  rewrite image -(root i); have /andP[_ a1] := a0 i.
  apply: (le_by (s := (1 - b 0 i ^+ 2) * (b 0 i * e i 0 - c i 0) ^+ 2)); first by ring.
  by rewrite mulr_ge0 ?sqr_ge0 // subr_ge0 root.
have images : \sum_i P 0 i * c i 0 ^+ 2 <= \sum_i P 0 i * (a 0 i * g ^+ 2 * s (home i) ^+ 2 * e i 0 ^+ 2).
  rewrite (partition_big home xpredT) //= [X in _ <= X](partition_big home xpredT) //=.
  apply: ler_sum => k _; apply: (le_trans (norms k _)); rewrite mulr_sumr; apply: ler_sum => i /eqP <-.
  have -> : (diag_mx b *m (diag_mx d *m e)) i 0 = b 0 i * (d 0 i * e i 0).
    by rewrite mul_diag_mx mxE mul_diag_mx mxE.
  have /andP[ld dg] := sd i; have /andP[ai _] := a0 i.
  have -> : (b 0 i * (d 0 i * e i 0)) ^+ 2 = a 0 i * (d 0 i ^+ 2 * e i 0 ^+ 2) by rewrite !exprMn root.
  move: (P 0 i) (a 0 i) (s (home i)) (e i 0) (P0 i) ai => q c' s' y q0 ai.
  apply: (le_by (s := q * c' * s' ^+ 2 * y ^+ 2 * (g ^+ 2 - d 0 i ^+ 2))); first by ring.
  apply: mulr_ge0; first by apply: mulr_ge0 (sqr_ge0 _); apply: mulr_ge0 (sqr_ge0 _); apply: mulr_ge0; apply: ltW.
  have dn : `|d 0 i| <= g by rewrite ler_norml dg (le_trans gl ld).
  rewrite subr_ge0 -(real_normK (num_real (d 0 i))) ler_sqr ?nnegrE //.
  exact: le_trans (normr_ge0 _) dn.
under eq_bigr => i _ do rewrite mulrDr; rewrite big_split /=.
apply: (le_trans (ler_add (lexx _) images)); rewrite -big_split mulr_sumr /=; apply: ler_sum => i _.
apply: (le_by (s := P 0 i * e i 0 ^+ 2 * (leaks - (1 - a 0 i * (1 - g ^+ 2 * s (home i) ^+ 2))))).
  by move: (P 0 i) (a 0 i) (s (home i)) (e i 0) => x1 x2 x3 x4; ring.
by apply: mulr_ge0; [apply: mulr_ge0 (sqr_ge0 _); apply: ltW | rewrite subr_ge0].
Qed.

Theorem split_step : contracts split_family (diag_mx P) rho.
Proof.
have pP := diag_posdef P0; split=> // _ [d sd ->] e; rewrite -mulmxA.
apply: (le_trans (turn_le pP h0 r0 hr residual _)).
have t0 : 0 <= 1 + 2%:R * h * r / (1 - h * r / 2%:R) ^+ 2.
  by rewrite addr_ge0 ?ler01 // divr_ge0 ?sqr_ge0 // !mulr_ge0 ?ler0n.
apply: (le_trans (ler_wpmul2l t0 (leaky_le e sd))); rewrite mulrA.
exact: (ler_wpmul2r (posdef_nonneg pP e) factor).
Qed.

End SplitStep.
