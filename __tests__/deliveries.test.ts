import { expect, test } from '@jest/globals'
import { imagesReach, reachOf, reachOfAction } from '../src/deliveries.js'

test.each([
  ['kubectl apply -f deploy', 'others'],
  ['kubectl apply -f deploy --dry-run=server', 'none'],
  ['kubectl delete pod web', 'none'],
  ['kubectl create namespace shop', 'none'],
  ['kubectl create -f deploy', 'others'],
  ['helm upgrade shop ./chart', 'others'],
  ['helm package chart', 'none'],
  ['helm push shop.tgz oci://ghcr.io/acme', 'others'],
  ['helm push shop.tgz oci://localhost:5000/charts', 'runner'],
  ['rsync -a src/ dest/', 'none'],
  ['rsync -a dist/ web@example.org:/srv', 'others'],
  ['scp web@example.org:/var/log/a.log .', 'none'],
  ['aws s3 sync dist s3://site', 'others'],
  ['aws s3 cp s3://tools/cli .', 'none'],
  ['aws s3 cp coverage.xml s3://ci/coverage/', 'none'],
  ['aws s3 rm s3://site/old', 'none'],
  ['aws ecs update-service --service web', 'others'],
  ['aws ecs run-task --cluster c', 'none'],
  ['gcloud run deploy web', 'others'],
  ['gcloud storage cp gs://a/b .', 'none'],
  ['az storage blob download --name a', 'none'],
  ['systemctl start docker', 'runner'],
  ['brew update', 'none'],
  ['brew bump-formula-pr shop', 'others'],
  ['git push --tags', 'none'],
  ['gh release create v1', 'others'],
  ['gh release create v1 --draft', 'none'],
  ['gh workflow run ci.yml', 'none'],
  ['cosign sign ghcr.io/acme/shop', 'none'],
  ['docker push acme/shop:latest', 'others'],
  ['docker push localhost:5000/shop', 'runner'],
  ['docker push ttl.sh/shop:1h', 'runner'],
  ['docker push ghcr.io/acme/shop:pr-${{ github.event.number }}', 'trial'],
  ['docker push ghcr.io/acme/shop:${{ github.sha }}', 'trial'],
  ['docker buildx build --push -t localhost:5000/shop .', 'runner'],
  ['docker buildx build --push -t localhost:5000/shop -t acme/shop .', 'others'],
  ['skopeo copy docker://acme/shop oci:shop', 'none'],
  ['skopeo copy docker://acme/shop docker://quay.io/acme/shop', 'others'],
  ['vercel --prod', 'others'],
  ['vercel deploy', 'trial'],
  ['netlify deploy --prod', 'others'],
  ['netlify deploy', 'trial'],
  ['wrangler deploy', 'others'],
  ['wrangler versions upload', 'trial'],
  ['wrangler secret put KEY', 'none'],
  ['firebase deploy', 'others'],
  ['firebase hosting:channel:deploy x', 'trial'],
  ['fly deploy', 'others'],
  ['fly secrets set A=b', 'none'],
  ['gradle publish', 'others'],
  ['gradle publishToMavenLocal', 'none'],
  ['npm publish', 'others'],
  ['npm publish --registry http://localhost:4873', 'runner'],
  ['twine upload --repository testpypi dist/x', 'trial'],
  ['ssh web@example.org docker compose up -d', 'others'],
  ['ssh web@example.org uname -a', 'none'],
  ['terraform apply', 'others'],
  ['terraform destroy', 'none'],
  ['doctl kubernetes cluster kubeconfig save c', 'none'],
  ['doctl apps update 1', 'others']
])('%s reaches %s', (command, reach) => {
  const words = command.match(/(?:\$\{\{.*?\}\}|\S)+/g)!
  expect(reachOf(words[0]!, words.slice(1))).toBe(reach)
})

test.each([
  ['goreleaser/goreleaser-action@v6', { args: 'release --clean' }, 'others'],
  ['goreleaser/goreleaser-action@v6', { args: 'build --snapshot' }, 'none'],
  ['goreleaser/goreleaser-action@v6', { args: 'release --skip=publish' }, 'none'],
  ['softprops/action-gh-release@v2', {}, 'others'],
  ['softprops/action-gh-release@v2', { draft: 'true' }, 'none'],
  ['pulumi/actions@v6', { command: 'preview' }, 'none'],
  ['pulumi/actions@v6', { command: 'up' }, 'others'],
  ['changesets/action@v1', {}, 'none'],
  ['changesets/action@v1', { publish: 'npm run ship' }, 'others'],
  ['amondnet/vercel-action@v25', {}, 'trial'],
  ['amondnet/vercel-action@v25', { 'vercel-args': '--prod' }, 'others'],
  ['cloudflare/wrangler-action@v3', { command: 'versions upload' }, 'trial'],
  ['cloudflare/wrangler-action@v3', {}, 'others'],
  ['appleboy/ssh-action@v1', { script: 'cd shop && docker compose up -d' }, 'others'],
  ['appleboy/ssh-action@v1', { script: 'df -h' }, 'none'],
  ['peaceiris/actions-gh-pages@v4', { destination_dir: 'pr-${{ github.event.number }}' }, 'trial'],
  ['pypa/gh-action-pypi-publish@release/v1', { 'repository-url': 'https://test.pypi.org/legacy/' }, 'trial']
])('%s with %j reaches %s', (uses, inputs: Record<string, string>, reach) =>
  expect(reachOfAction(uses, name => inputs[name])).toBe(reach)
)

test('counts the farthest of several images', () => {
  expect(imagesReach(['localhost:5000/a', 'acme/a:${{ github.sha }}'])).toBe('trial')
  expect(imagesReach(['acme/a:${{ github.sha }}', 'acme/a:latest'])).toBe('others')
})
