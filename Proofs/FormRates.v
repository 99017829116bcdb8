(** The rates of the two forms agree (theory F3 c, d): for a singular W

        (M, lam) certifies form outside  ->  (W^T M W + eps, lam') certifies form inside

    for every lam' < lam and small eps > 0, so the four families of W and W^T, outside and inside, have the same
    rates up to their supremum. The metrics differ ([MetricSlips.product_metric_inside]). *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From Certify Require Import Spec Forms FormTransfer Instability.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section FormRates.
Variables (R : realFieldType) (n : nat).
Implicit Types (F : family R n) (M W : 'M[R]_n) (e : 'cV[R]_n).

(** |D y|^2 <= g^2 |y|^2. *)
Lemma slopes_size (g : R) d (y : 'cV[R]_n) : slopes 0 g d ->
  dot (diag_mx d *m y) (diag_mx d *m y) <= g ^+ 2 * dot y y.
Proof.
move=> sd; rewrite [X in _ <= X]mulr_sumr; apply: ler_sum => i _; rewrite mul_diag_mx mxE.
have /andP[d0 dg] := sd i; entries R.
apply: (le_by (s := (g - d 0 i) * (g + d 0 i) * y i 0 ^+ 2)); first by ring.
apply: mulr_ge0 (sqr_ge0 _); apply: mulr_ge0; first by rewrite subr_ge0.
by apply: addr_ge0 => //; apply: le_trans dg.
Qed.

(** F3 c; mu stands for the least eigenvalue of M. *)
Theorem inside_by_regularisation g W M lam lam' mu eps : 0 < mu -> (forall y, mu * dot y y <= qf M y) ->
  lam' < 1 -> 0 < eps -> g ^+ 2 * eps <= 4%:R * mu * (lam - lam') * (1 - lam') ->
  certifies (outside 0 g W 0) M lam -> certifies (inside 0 g W 0) (W^T *m M *m W + eps%:M) lam'.
Proof.
move=> mu0 least l1 eps0 small [pM dec]; have sM := posdef_symmetric pM.
have form x y : bf (W^T *m M *m W) x y = bf M (W *m x) (W *m y) by rewrite bf_mul bf_mulT.
split.
  rewrite addrC; apply: posdef_add => [||x]; last by rewrite /qf form posdef_nonneg.
    by rewrite -diag_const_mx; apply: diag_posdef => i; rewrite mxE.
  by rewrite /symmetric !trmx_mul trmxK sM mulmxA.
move=> _ [d sd ->] e; rewrite addr0 /qf !bfMD !form !bfS; set y := W *m e.
have -> : W *m ((diag_mx d *m W - 1%:M) *m e) = (W *m diag_mx d + 0 - 1%:M) *m y.
  by rewrite addr0 !mulmxBl !mul1mx mulmxBr -!mulmxA.
set u := (W *m diag_mx d + 0 - 1%:M) *m y.
have h4 : 0 <= - (lam * qf M y) - bf M y u by rewrite subr_ge0; apply: dec; exists d.
rewrite mulmxBl mul1mx dotDr dotNr -mulmxA -/y; set v := diag_mx d *m y.
have l1' : 0 < 1 - lam' by rewrite subr_gt0.
have := dot_ge0 ((2%:R * (1 - lam')) *: e - v).
have -> : dot ((2%:R * (1 - lam')) *: e - v) ((2%:R * (1 - lam')) *: e - v)
    = 4%:R * (1 - lam') ^+ 2 * dot e e - 4%:R * (1 - lam') * dot e v + dot v v.
  by rewrite -!bf1 !bfx (bfC v e (scalar_symmetric _ _)); ring.
move=> h1; have h2 : 0 <= g ^+ 2 * dot y y - dot v v by rewrite subr_ge0 slopes_size.
have h3 : 0 <= qf M y - mu * dot y y by rewrite subr_ge0.
have h5 : 0 <= 4%:R * mu * (lam - lam') * (1 - lam') - g ^+ 2 * eps by rewrite subr_ge0.
set a := 4%:R * (1 - lam'); have a0 : 0 < a by rewrite mulr_gt0 ?ltr0n.
have ll : 0 <= lam - lam'.
  rewrite -(pmulr_rge0 _ l1') -(pmulr_rge0 _ mu0) -(pmulr_rge0 _ (ltr0n R 4 : 0 < 4%:R)).
  have -> : 4%:R * (mu * ((1 - lam') * (lam - lam'))) = 4%:R * mu * (lam - lam') * (1 - lam') by ring.
  by apply: le_trans small; apply: mulr_ge0; [apply: sqr_ge0 | apply: ltW].
have yy := dot_ge0 y.
rewrite -(ler_pmul2l a0) /a.
apply: (le_by (s := 4%:R * (1 - lam') * (- (lam * qf M y) - bf M y u)
  + eps * (4%:R * (1 - lam') ^+ 2 * dot e e - 4%:R * (1 - lam') * dot e v + dot v v)
  + eps * (g ^+ 2 * dot y y - dot v v)
  + a * (lam - lam') * (qf M y - mu * dot y y)
  + (4%:R * mu * (lam - lam') * (1 - lam') - g ^+ 2 * eps) * dot y y)); last first.
  have e0 := ltW eps0; have a0' := ltW a0.
  apply: addr_ge0 (mulr_ge0 h5 yy); apply: addr_ge0 (mulr_ge0 (mulr_ge0 a0' ll) h3).
  apply: addr_ge0 (mulr_ge0 e0 h2); apply: addr_ge0 (mulr_ge0 e0 h1); exact: mulr_ge0.
by rewrite /a -/(qf M y); ring.
Qed.

(** A rate is at most 1: slope 0 is allowed. *)
Lemma rate_le1 g W M lam : 0 <= g -> (0 < n)%N -> certifies (outside 0 g W 0) M lam -> lam <= 1.
Proof.
move=> g0 n0 [pM dec]; pose x : 'cV[R]_n := const_mx 1.
have x0 : x != 0 by apply/eqP => /colP/(_ (Ordinal n0)); rewrite !mxE; apply/eqP; rewrite oner_neq0.
have FA : outside 0 g W 0 (- 1%:M).
  by exists 0 => [i|]; rewrite ?mxE ?lexx // linear0 mulmx0 addr0 sub0r.
have := dec _ FA x; rewrite mulNmx mul1mx bfNr ler_opp2 -/(qf M x) -[X in _ <= X]mul1r.
by rewrite ler_pmul2r // pM.2.
Qed.

Definition has_rate F lam := exists M, certifies F M lam.

Lemma inside_of_lower g W lam lam' : 0 <= g -> lam' < lam ->
  has_rate (outside 0 g W 0) lam -> has_rate (inside 0 g W 0) lam'.
Proof.
move=> g0 ll [M cert]; have pM := cert.1.
case: (posnP n) => [n0|np].
  exists 1%:M; split; first by rewrite -diag_const_mx; apply: diag_posdef => i; rewrite mxE ltr01.
  move=> A _ e; have -> : e = 0 by apply/colP => i; have := ltn_ord i; rewrite [X in (_ < X)%N]n0.
  by rewrite /qf !bf0l mulr0 oppr0.
have l1 : lam' < 1 by apply: lt_le_trans ll (rate_le1 g0 np cert).
have [c c0 hc] := dot_bounded pM; pose mu := (c + 1)^-1.
have c1 : 0 < c + 1 by rewrite ltr_spaddr ?ltr01.
have mu0 : 0 < mu by rewrite invr_gt0.
have least y : mu * dot y y <= qf M y.
  rewrite /mu ler_pdivr_mull //; apply: (le_trans (hc y)); apply: ler_wpmul2r; first exact: posdef_nonneg.
  by rewrite ler_addl ler01.
pose top := 4%:R * mu * (lam - lam') * (1 - lam').
have top0 : 0 < top by rewrite !mulr_gt0 ?ltr0n // subr_gt0.
have g1 : 0 < g ^+ 2 + 1 by rewrite ltr_spaddr ?ltr01 ?sqr_ge0.
exists (W^T *m M *m W + (top / (g ^+ 2 + 1))%:M).
apply: (inside_by_regularisation mu0 least l1 _ _ cert); first by rewrite divr_gt0.
rewrite mulrA ler_pdivr_mulr // mulrC; apply: ler_wpmul2l; first exact: ltW.
by rewrite ler_addl ler01.
Qed.

(** F3 d. *)
Theorem same_rates g W lam lam' : 0 <= g -> lam' < lam -> has_rate (outside 0 g W 0) lam ->
  [/\ has_rate (inside 0 g W 0) lam', has_rate (outside 0 g W^T 0) lam' & has_rate (inside 0 g W^T 0) lam'].
Proof.
move=> g0 ll rate; have inner := inside_of_lower g0 ll rate; have [M cert] := rate.
split=> //.
- case: inner => N c; exists (invmx N); have := proj1 (outside_of_inside 0 g W 0 N lam') c.
  by rewrite trmx0.
- exists (invmx M); have := proj1 (inside_of_outside 0 g W 0 M lam) cert; rewrite trmx0 => -[p d].
  by split=> //; apply: decays_le (posdef_nonneg p) (ltW ll) d.
Qed.

(** From form inside the same follows by transposition. *)
Corollary same_rates_inside g W lam lam' : 0 <= g -> lam' < lam -> has_rate (inside 0 g W 0) lam ->
  [/\ has_rate (outside 0 g W 0) lam', has_rate (inside 0 g W^T 0) lam' & has_rate (outside 0 g W^T 0) lam'].
Proof.
move=> g0 ll [M cert]; have := proj1 (outside_of_inside 0 g W 0 M lam) cert; rewrite trmx0 => out.
have := same_rates (W := W^T) g0 ll; rewrite trmxK => /(_ _)[]; first by exists (invmx M).
move=> h1 h2 h3; split=> //; exists (invmx M).
by case: out => p d; split=> //; apply: decays_le (posdef_nonneg p) (ltW ll) d.
Qed.

End FormRates.
